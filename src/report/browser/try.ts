/** The program of the page on which a network is tried and nothing else. */
import { startTry } from './try/start.ts';

startTry();
