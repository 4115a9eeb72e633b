/** Opens a data set by the user's name for it. */
import { checkText } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { kindOf } from '../platform/files.ts';
import type { Dataset, Samples } from './dataset.ts';
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
  /** Pixels of an image. */
  pixels: number;
  /** Height and width of an image; undefined if the file does not say. */
  shape: { height: number; width: number } | undefined;
  samples: Samples;
}

/** Opens the test images of `mnist` or a folder. A CSV file gives its test file, or else all its samples. */
export async function openTestSet(source: string): Promise<TestSet> {
  if (source !== 'mnist' && !(await isFolder(source))) {
    const { file, pixels, samples } = await loadCsvTest(source);
    return { name: file, pixels, shape: undefined, samples };
  }
  const loaded = await loadIdxTest(source === 'mnist' ? mnistFolder() : source);
  const { height, width, samples } = loaded;
  return { name: `test samples of ${source}`, pixels: height * width, shape: { height, width }, samples };
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
