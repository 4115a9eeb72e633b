/** The digest of a data set. It is the same for the same data, whatever files they come from. */
import { breathe } from '../platform/breath.ts';
import { sha256 } from '../platform/digest.ts';
import { checkDataset } from './check.ts';
import type { Dataset } from './dataset.ts';

/**
 * SHA-256 over the whole data set: the sizes as four 32-bit little-endian numbers (height, width, training
 * images, test images), then training images, training labels, test images and test labels.
 */
export function datasetDigest(dataset: Dataset): string {
  checkDataset(dataset);
  const digest = sha256();
  for (const piece of piecesOf(dataset)) digest.add(piece);
  return digest.hex();
}

/** The same, a piece at a time, so that no other task waits for longer than one piece takes. */
export async function datasetDigestMeanwhile(dataset: Dataset): Promise<string> {
  const digest = sha256();
  for (const piece of piecesOf(dataset)) {
    await breathe();
    digest.add(piece);
  }
  return digest.hex();
}

/** Bytes of a piece, which takes half a millisecond. */
const pieceBytes = 1 << 20;

/** The bytes that are hashed, in pieces: height, width and numbers of samples, then the samples. */
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
