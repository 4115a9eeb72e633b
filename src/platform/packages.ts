/** Packages that are installed beside this program. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/**
 * The folder of an npm package that the module `from` (a path or file URL) depends on. Throws Node's error
 * MODULE_NOT_FOUND if it is not installed.
 */
export function packageFolder(name: string, from: string | URL): string {
  return dirname(createRequire(from).resolve(`${name}/package.json`));
}
