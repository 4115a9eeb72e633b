/** Finds columns of a table that tell nothing: those with a single value, and those that are there twice. */
import type { Column, Dataset } from '../dataset.ts';
import { listed } from '../tables/columns.ts';

export function* lookAtColumns({ features, train }: Dataset): Generator<void, string[]> {
  if (features.kind !== 'floats' || train.count < 2) return [];
  const { columns } = features;
  const table = { columns, count: train.count, bits: bitsOf(train.features as Float64Array) };
  const constant = constantColumns(table);
  yield;
  const others = [...columns.keys()].filter((c) => !constant.includes(c));
  const same = yield* sameColumns(table, others);
  const warnings = yield* rangeWarnings(table, train.features as Float64Array);
  if (constant.length > 0) {
    const names = listed(constant.map((c) => columns[c]!.name));
    warnings.push(
      constant.length === 1
        ? `column ${names} has the same value in every training row`
        : `${constant.length} columns have a single value each in all training rows: ${names}`,
    );
  }
  for (const group of same.slice(0, mostGroups)) {
    const names = listed(group.map((c) => columns[c]!.name));
    warnings.push(`columns ${names} are the same in every training row`);
  }
  if (same.length > mostGroups) {
    warnings.push(`${same.length - mostGroups} more groups of columns are the same in every training row`);
  }
  return warnings;
}

/** The largest number of 32 bits, which networks compute with. */
const largest = 3.4028234663852886e38;
/** A largest value of so many medians is no measurement. */
const farOff = 1e30;

/** Cells that are looked at in one go. */
const cellsOfPiece = 1_000_000;

/** Columns of numbers that leave no room for each other. */
function* rangeWarnings({ columns, count }: Cells, cells: Float64Array): Generator<void, string[]> {
  const width = columns.length;
  const most = new Float64Array(width);
  for (let at = 0, c = 0; at < cells.length; at++, c = c + 1 === width ? 0 : c + 1) {
    const size = Math.abs(cells[at]!);
    if (size > most[c]!) most[c] = size;
    if (at % cellsOfPiece === cellsOfPiece - 1) yield;
  }
  return columns.flatMap(({ kind, name }, c) => {
    if (kind !== 'number' || most[c]! < 1e6) return [];
    const column = `column ${JSON.stringify(name)} has values up to ${most[c]!.toPrecision(3)}`;
    if (most[c]! > largest) return [`${column}, more than a number of 32 bits holds`];
    if (most[c]! < 1e15) return [];
    const sizes = Float64Array.from({ length: count }, (_, row) => Math.abs(cells[row * width + c]!));
    const other = sizes.filter((size) => size > 0).sort();
    const median = other[Math.floor(other.length / 2)]!;
    if (most[c]! < farOff * median) return [];
    return [`${column}, and half of them are below ${median.toPrecision(3)}: is the largest a mistake?`];
  });
}

/** Groups of equal columns that are told one by one. */
const mostGroups = 3;

interface Cells {
  columns: readonly Column[];
  count: number;
  /** Two words for each cell, so that missing cells are equal to each other. (count, columns, 2) */
  bits: Int32Array;
}

function bitsOf({ buffer, byteOffset, length }: Float64Array): Int32Array {
  return new Int32Array(buffer, byteOffset, 2 * length);
}

/** Most columns are out after two rows. */
function constantColumns({ columns, count, bits }: Cells): number[] {
  const width = columns.length;
  let left = [...columns.keys()];
  for (let row = 1; row < count && left.length > 0; row++) {
    const varies = left.some((c) => differs(bits, c, row * width + c));
    if (varies) left = left.filter((c) => !differs(bits, c, row * width + c));
  }
  return left;
}

function differs(bits: Int32Array, a: number, b: number): boolean {
  return bits[2 * a] !== bits[2 * b] || bits[2 * a + 1] !== bits[2 * b + 1];
}

/** Rows of the first block by which columns are told apart; each block is four times as long. */
const firstBlock = 64;

/**
 * Groups of columns that are equal in all rows. Groups of columns whose first rows have the same hash are
 * divided by more and more rows, so that only columns which look alike are read further.
 */
function* sameColumns(cells: Cells, candidates: readonly number[]): Generator<void, number[][]> {
  const { columns, count } = cells;
  // Words and numbers are never the same.
  let groups = (['number', 'category'] as const)
    .map((kind) => candidates.filter((c) => columns[c]!.kind === kind))
    .filter(({ length }) => length > 1);
  for (let [first, rows] = [0, firstBlock]; first < count && groups.length > 0; first += rows, rows *= 4) {
    const last = Math.min(count, first + rows);
    groups = groups.flatMap((group) => divided(cells, group, first, last));
    yield;
  }
  return groups.flatMap((group) => confirmed(cells, group));
}

/** By the hash of these rows. */
function divided({ columns, bits }: Cells, group: number[], first: number, last: number): number[][] {
  const width = columns.length;
  const hashes = new Int32Array(group.length);
  for (let row = first; row < last; row++) {
    for (let i = 0; i < group.length; i++) {
      const at = 2 * (row * width + group[i]!);
      const low = Math.imul(hashes[i]! ^ bits[at]!, 0x85ebca6b);
      const both = Math.imul(((low << 15) | (low >>> 17)) ^ bits[at + 1]!, 0xc2b2ae35);
      hashes[i] = (both << 15) | (both >>> 17);
    }
  }
  const parts = new Map<number, number[]>();
  for (const [i, c] of group.entries()) {
    const part = parts.get(hashes[i]!);
    if (part) part.push(c);
    else parts.set(hashes[i]!, [c]);
  }
  return [...parts.values()].filter(({ length }) => length > 1);
}

/** Equal hashes are no proof. */
function confirmed({ columns, count, bits }: Cells, [first, ...others]: number[]): number[][] {
  const width = columns.length;
  const equal = others.filter((c) => {
    for (let row = 0; row < count; row++)
      if (differs(bits, row * width + first!, row * width + c)) return false;
    return true;
  });
  return equal.length > 0 ? [[first!, ...equal]] : [];
}
