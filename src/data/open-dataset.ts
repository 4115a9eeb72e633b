/** Opens a data set by what the user calls it. */

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { LockstepError } from '../foundation/errors.ts';
import type { Dataset, Samples } from './dataset.ts';
import { loadCsv, loadCsvTest } from './formats/csv.ts';
import { loadIdxFolder, loadIdxTest } from './formats/idx.ts';
import { mnistFolder } from './formats/mnist.ts';

/** `mnist`, a folder of IDX files, or a CSV file. Throws a LockstepError that says what is wrong with a file. */
export async function openDataset(source: string): Promise<Dataset> {
  if (source === 'mnist') return { ...(await loadIdxFolder(mnistFolder())), name: source };
  return (await isFolder(source)) ? loadIdxFolder(source) : loadCsv(source);
}

/** Samples that a trained network is judged by. */
export interface TestSet {
  /** Where they are from, for people. */
  name: string;
  /** Pixels of an image. */
  pixels: number;
  /** How they lie; undefined where the file does not say. */
  shape: { height: number; width: number } | undefined;
  samples: Samples;
}

/** The test images of `mnist` or a folder; of a CSV file its test file, or else every sample. */
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
  const found = await stat(source).catch(() => undefined);
  if (found) return found.isDirectory();
  throw new LockstepError('data', {
    where: source,
    expected: '`mnist`, a folder of IDX files, or a CSV file',
    got: 'no such file or folder',
  });
}

/**
 * SHA-256 over everything that is learnt from: the sizes as four 32-bit little-endian numbers (height,
 * width, training images, test images), then training images, training labels, test images, test labels.
 */
export function datasetDigest(dataset: Dataset): string {
  const hash = createHash('sha256');
  for (const piece of piecesOf(dataset)) hash.update(piece);
  return hash.digest('hex');
}

/** The same, a piece at a time, so that nobody who comes meanwhile waits for longer than one of them. */
export async function datasetDigestMeanwhile(dataset: Dataset): Promise<string> {
  const hash = createHash('sha256');
  for (const piece of piecesOf(dataset)) {
    await new Promise(setImmediate);
    hash.update(piece);
  }
  return hash.digest('hex');
}

/** Bytes of a piece: half a millisecond. */
const pieceBytes = 1 << 20;

/** All of a data set, in pieces: height, width and numbers of samples, then the samples. */
function* piecesOf({ height, width, train, test }: Dataset): Generator<Uint8Array> {
  const sizes = new DataView(new ArrayBuffer(16));
  for (const [i, size] of [height, width, train.count, test.count].entries())
    sizes.setUint32(4 * i, size, true);
  yield new Uint8Array(sizes.buffer);
  for (const bytes of [train.images, train.labels, test.images, test.labels]) {
    for (let first = 0; first < bytes.length; first += pieceBytes)
      yield bytes.subarray(first, first + pieceBytes);
  }
}
