/** Packages that are installed beside this program. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/**
 * The folder of an npm package on which the module `from` depends, a path or file URL. Throws Node's error
 * MODULE_NOT_FOUND when it is not installed.
 */
export function packageFolder(name: string, from: string | URL): string {
  return dirname(createRequire(from).resolve(`${name}/package.json`));
}
