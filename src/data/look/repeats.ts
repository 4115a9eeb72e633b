/**
 * Finds test samples that are also training samples, features and target alike. The test samples get a table
 * of 32-bit hashes, the training samples are looked up in it, and what is found is compared. So the time goes
 * with the bytes of the data set, and the memory with the number of test samples: 16 bytes each.
 */
import { targetWidth } from '../../contracts/task.ts';
import { grouped } from '../../foundation/format.ts';
import { columnsOf, type Dataset, type Samples } from '../dataset.ts';

/**
 * Fewer are not worth a warning. Pictures are never alike by chance, as rows of a table with few different
 * values are.
 */
const fewestShare = { bytes: 0.001, floats: 0.01 } as const;
const fewest = 2;

export function* lookAtRepeats({ features, targets, train, test }: Dataset): Generator<void, string[]> {
  const sizes = { columns: columnsOf(features), width: targetWidth(targets) };
  const found = yield* countRepeats(rowsOf(train, sizes), rowsOf(test, sizes));
  if (found < Math.max(fewest, fewestShare[features.kind] * test.count)) return [];
  return [`${grouped(found)} of ${grouped(test.count)} test samples are also training samples`];
}

/** Samples as bytes. */
interface Rows {
  count: number;
  features: DataView;
  /** Bytes of a sample's features and of its target. */
  featureBytes: number;
  targets: DataView;
  targetBytes: number;
}

function rowsOf(
  { count, features, targets }: Samples,
  { columns, width }: { columns: number; width: number },
): Rows {
  return {
    count,
    features: new DataView(features.buffer, features.byteOffset, features.byteLength),
    featureBytes: columns * features.BYTES_PER_ELEMENT,
    targets: new DataView(targets.buffer, targets.byteOffset, targets.byteLength),
    targetBytes: width * targets.BYTES_PER_ELEMENT,
  };
}

/** Bytes between two pauses: some milliseconds. */
const pieceBytes = 1 << 22;

/** How many test samples are training samples too. */
function* countRepeats(train: Rows, test: Rows): Generator<void, number> {
  const pause = Math.max(1, Math.floor(pieceBytes / test.featureBytes));
  const slots = new Int32Array(tableSize(test.count));
  const hashes = new Int32Array(test.count);
  /** Test samples that are alike, at the first of them. */
  const alike = new Int32Array(test.count);
  for (let row = 0; row < test.count; row++) {
    if (row % pause === pause - 1) yield;
    const hash = hashOf(test, row);
    const slot = slotOf(slots, hashes, hash, test, row, test);
    if (slots[slot] === 0) {
      slots[slot] = row + 1;
      hashes[row] = hash;
    }
    alike[slots[slot]! - 1]!++;
  }
  let found = 0;
  for (let row = 0; row < train.count; row++) {
    if (row % pause === pause - 1) yield;
    const first = slots[slotOf(slots, hashes, hashOf(train, row), train, row, test)]! - 1;
    if (first < 0) continue;
    found += alike[first]!;
    // Each is counted once.
    alike[first] = 0;
  }
  return found;
}

/** At least twice as many as there are rows, a power of two. */
function tableSize(rows: number): number {
  let size = 4;
  while (size < 2 * rows) size *= 2;
  return size;
}

/** The slot that holds the equal of this row, plus one, or 0 if there is none. */
function slotOf(
  slots: Int32Array,
  hashes: Int32Array,
  hash: number,
  rows: Rows,
  row: number,
  held: Rows,
): number {
  const mask = slots.length - 1;
  // The upper bits of a product are the well mixed ones.
  let slot = (hash ^ (hash >>> 16)) & mask;
  for (;;) {
    const other = slots[slot]! - 1;
    if (other < 0 || (hashes[other] === hash && areAlike(rows, row, held, other))) return slot;
    slot = (slot + 1) & mask;
  }
}

const [factorA, factorB] = [0x85ebca6b, 0xc2b2ae35] as const;

/** Two sums at a time, because each multiplication waits for the one before. */
function hashOf({ features, featureBytes, targets, targetBytes }: Rows, row: number): number {
  const end = (row + 1) * featureBytes;
  let at = row * featureBytes;
  let [a, b] = [1, 2];
  for (; at + 8 <= end; at += 8) {
    a = Math.imul(a ^ features.getInt32(at, true), factorA);
    b = Math.imul(b ^ features.getInt32(at + 4, true), factorB);
    a = (a << 15) | (a >>> 17);
    b = (b << 15) | (b >>> 17);
  }
  for (; at < end; at++) a = mixed(a, features.getUint8(at));
  for (let i = row * targetBytes; i < (row + 1) * targetBytes; i++) b = mixed(b, targets.getUint8(i));
  return mixed(a, b);
}

function mixed(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, factorA);
  return (product << 15) | (product >>> 17);
}

function areAlike(a: Rows, i: number, b: Rows, j: number): boolean {
  return (
    sameBytes(a.features, i * a.featureBytes, b.features, j * b.featureBytes, a.featureBytes) &&
    sameBytes(a.targets, i * a.targetBytes, b.targets, j * b.targetBytes, a.targetBytes)
  );
}

function sameBytes(a: DataView, i: number, b: DataView, j: number, bytes: number): boolean {
  let at = 0;
  for (; at + 4 <= bytes; at += 4) if (a.getInt32(i + at) !== b.getInt32(j + at)) return false;
  for (; at < bytes; at++) if (a.getUint8(i + at) !== b.getUint8(j + at)) return false;
  return true;
}
