/** Who imports this in a worker thread knows the layers and optimizers of the user's program from then on. */
import { registerGiven } from './register.ts';

await registerGiven();
