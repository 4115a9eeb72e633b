/** The digest of a data set. It is the same for the same data, whatever files they come from. */
import { breathe } from '../platform/breath.ts';
import { sha256 } from '../platform/digest.ts';
import { checkDataset } from './check.ts';
import type { Dataset } from './dataset.ts';

/**
 * SHA-256 over the whole data set as it was read, before any preparation.
 *
 * Grey pictures with classes: the sizes as four 32-bit little-endian numbers (height, width, training images,
 * test images), then training images, training labels, test images and test labels.
 *
 * All others: the length of a text as a 32-bit little-endian number and that text, JSON of shape, columns,
 * targets and the two numbers of samples; then features and targets of the training samples, and of the test
 * samples, as little-endian bytes: pixels, float64 numbers, labels of 8 or 16 bits.
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

/** The bytes that are hashed, in pieces. */
function* piecesOf(dataset: Dataset): Generator<Uint8Array> {
  const { train, test } = dataset;
  yield headOf(dataset);
  for (const { buffer, byteOffset, byteLength } of [
    train.features,
    train.targets,
    test.features,
    test.targets,
  ]) {
    for (let first = 0; first < byteLength; first += pieceBytes) {
      yield new Uint8Array(buffer, byteOffset + first, Math.min(pieceBytes, byteLength - first));
    }
  }
}

/** Numbers are the same in whatever form they were written. */
function withoutForms(features: Dataset['features']): Dataset['features'] {
  if (features.kind !== 'floats') return features;
  const columns = features.columns.map((column) => {
    if (column.kind !== 'number' || !column.form) return column;
    const { form: _, ...plain } = column;
    return plain;
  });
  return { ...features, columns };
}

/** What comes first: the sizes, and of all but grey pictures the names. */
function headOf({ features, targets, train, test }: Dataset): Uint8Array {
  const [height, width, channels] = features.shape;
  if (
    features.kind === 'bytes' &&
    channels === 1 &&
    targets.kind === 'classes' &&
    targets.names === undefined
  ) {
    const sizes = new DataView(new ArrayBuffer(16));
    for (const [i, size] of [height, width!, train.count, test.count].entries()) {
      sizes.setUint32(4 * i, size, true);
    }
    return new Uint8Array(sizes.buffer);
  }
  const text = new TextEncoder().encode(
    JSON.stringify([withoutForms(features), targets, train.count, test.count]),
  );
  const head = new Uint8Array(4 + text.length);
  new DataView(head.buffer).setUint32(0, text.length, true);
  head.set(text, 4);
  return head;
}
