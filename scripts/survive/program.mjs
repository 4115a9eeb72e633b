// The program that the trials run.
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
