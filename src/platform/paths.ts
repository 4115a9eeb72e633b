/** Paths as this system writes them. */
export { basename, dirname, join } from 'node:path';
