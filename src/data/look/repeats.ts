/**
 * Finds test samples that are also training samples, features and target alike. The test samples get a table
 * of 32-bit hashes, the training samples are looked up in it, and what is found is compared. So the time goes
 * with the number of samples, and the memory with the number of test samples: 30 bytes each.
 *
 * Most training samples are told from all test samples by a few of their bytes, and are read no further.
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
  const glances = glancesAt(test);
  const slots = new Int32Array(powerFrom(2 * test.count));
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
    glances.add(row);
  }
  let found = 0;
  for (let row = 0; row < train.count; row++) {
    if (row % pause === pause - 1) yield;
    if (!glances.has(train, row)) continue;
    const first = slots[slotOf(slots, hashes, hashOf(train, row), train, row, test)]! - 1;
    if (first < 0) continue;
    found += alike[first]!;
    // Each is counted once.
    alike[first] = 0;
  }
  return found;
}

/** At least so many, a power of two. */
function powerFrom(least: number): number {
  let size = 32;
  while (size < least) size *= 2;
  return size;
}

/** A glance takes in one word in so many, but at least some: each is another line of the cache. */
const glanceEvery = 16;
const [fewestGlanced, mostGlanced] = [4, 16] as const;
/** Bits for each sample that was seen: few others have theirs by chance. */
const glanceBits = 64;

/** What a glance at the rows has seen: a bit for the hash of a few words of each, spread over the sample. */
function glancesAt(held: Rows): { add(row: number): void; has(rows: Rows, row: number): boolean } {
  const words = Math.floor(held.featureBytes / 4);
  const bits = powerFrom(glanceBits * held.count);
  const seen = new Int32Array(bits / 32);
  // The golden ratio spreads them, in step with no width of pictures. The second word of a float64 number
  // holds its first digits.
  const glanced = Math.max(fewestGlanced, Math.min(mostGlanced, Math.floor(words / glanceEvery)));
  const places = Int32Array.from({ length: Math.min(glanced, words) }, (_, i) => {
    const word = Math.floor(((i * 0.618033988749895) % 1) * words);
    return 4 * (held.featureBytes % 8 === 0 ? word | 1 : word);
  });
  const bitOf = ({ features, featureBytes }: Rows, row: number): number => {
    const first = row * featureBytes;
    let hash = 1;
    for (let i = 0; i < places.length; i++) hash = mixed(hash, features.getInt32(first + places[i]!, true));
    return (hash ^ (hash >>> 16)) & (bits - 1);
  };
  return {
    add: (row) => {
      const bit = bitOf(held, row);
      seen[bit >>> 5]! |= 1 << (bit & 31);
    },
    has: (rows, row) => {
      const bit = bitOf(rows, row);
      return ((seen[bit >>> 5]! >>> (bit & 31)) & 1) === 1;
    },
  };
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
