/** Paths in the notation of this system. */
export { basename, dirname, join } from 'node:path';
