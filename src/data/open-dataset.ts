/** Opens a data set by the user's name for it. */

import type { Targets } from '../contracts/task.ts';
import { checkText } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { kindOf } from '../platform/files.ts';
import { type Dataset, type Features, largestLabel, type Samples } from './dataset.ts';
import { loadCsv, loadCsvTest } from './formats/csv.ts';
import { loadIdxFolder, loadIdxTest } from './formats/idx.ts';
import { mnistFolder } from './formats/mnist.ts';

/** Opens `mnist`, a folder of IDX files, or a CSV file. Throws a LockstepError that names the bad file. */
export async function openDataset(source: string): Promise<Dataset> {
  checkText('source', source, '`mnist`, or the path of a folder or file');
  if (source === 'mnist') return { ...(await loadIdxFolder(mnistFolder())), name: source };
  return (await isFolder(source)) ? loadIdxFolder(source) : loadCsv(source);
}

/** Samples that a trained network is judged by. */
export interface TestSet {
  /** Their source, for people. */
  name: string;
  features: Features;
  targets: Targets;
  samples: Samples;
  /** All samples of a file, not only those that were set aside for a test. */
  everySample?: boolean;
}

/** Opens the test images of `mnist` or a folder. A CSV file gives its test file, or else all its samples. */
export async function openTestSet(source: string): Promise<TestSet> {
  if (source !== 'mnist' && !(await isFolder(source))) {
    const { file, pixels, samples } = await loadCsvTest(source);
    const targets: Targets = { kind: 'classes', count: largestLabel(samples) + 1 };
    return {
      name: file,
      features: { kind: 'bytes', shape: [1, pixels, 1] },
      targets,
      samples,
      everySample: true,
    };
  }
  const loaded = await loadIdxTest(source === 'mnist' ? mnistFolder() : source);
  const { height, width, samples } = loaded;
  const targets: Targets = { kind: 'classes', count: largestLabel(samples) + 1 };
  const features: Features = { kind: 'bytes', shape: [height, width, 1] };
  return { name: `test samples of ${source}`, features, targets, samples };
}

async function isFolder(source: string): Promise<boolean> {
  const found = await kindOf(source).catch(() => undefined);
  if (found) return found === 'folder';
  throw new LockstepError('data', {
    where: source,
    expected: '`mnist`, a folder of IDX files, or a CSV file',
    got: 'no such file or folder',
  });
}
