// Data sets in memory that look like those of files: small pictures, and tables.
import type { Targets } from '#lockstep/contracts/task.js';
import type { Column, Dataset, Features } from '#lockstep/data/dataset.js';
import { stream } from '#lockstep/foundation/random.js';

export function shared<T extends Uint8Array<SharedArrayBuffer> | Float64Array<SharedArrayBuffer>>(
  kind: new (buffer: SharedArrayBuffer) => T,
  numbers: readonly number[],
  bytes: number,
): T {
  const array = new kind(new SharedArrayBuffer(bytes * numbers.length));
  array.set(numbers);
  return array;
}

/** Pictures of 3 x 3 random bytes with these labels. */
export function pictures(
  train: readonly number[],
  test: readonly number[],
  classes: number,
  top = 256,
): Dataset {
  const random = stream('look', train.length, test.length);
  const set = (labels: readonly number[]) => ({
    count: labels.length,
    features: shared<Uint8Array<SharedArrayBuffer>>(
      Uint8Array,
      labels.flatMap(() => Array.from({ length: 9 }, () => random.below(top))),
      1,
    ),
    targets: shared<Uint8Array<SharedArrayBuffer>>(Uint8Array, labels, 1),
  });
  return {
    name: 'digits.csv',
    features: { kind: 'bytes', shape: [3, 3, 1] },
    targets: { kind: 'classes', count: classes },
    train: set(train),
    test: set(test),
  };
}

/** A table: its rows hold the features, and then the targets. */
export function tableOf(
  columns: readonly (string | Column)[],
  targets: Targets,
  train: readonly (readonly number[])[],
  test: readonly (readonly number[])[] = [],
): Dataset {
  const all = columns.map((column) => (typeof column === 'string' ? number(column) : column));
  const features: Features = { kind: 'floats', shape: [all.length], columns: all };
  const set = (rows: readonly (readonly number[])[]) => {
    const given = rows.flatMap((row) => row.slice(all.length));
    return {
      count: rows.length,
      features: shared(
        Float64Array,
        rows.flatMap((row) => row.slice(0, all.length)),
        8,
      ),
      targets:
        targets.kind === 'classes'
          ? shared<Uint8Array<SharedArrayBuffer>>(Uint8Array, given, 1)
          : shared<Float64Array<SharedArrayBuffer>>(Float64Array, given, 8),
    };
  };
  return { name: 'table.csv', features, targets, train: set(train), test: set(test) };
}

const number = (name: string): Column => ({ kind: 'number', name });
export const species: Targets = { kind: 'classes', count: 2, column: 'species' };
export const many = (count: number, row: (i: number) => number[]) =>
  Array.from({ length: count }, (_, i) => row(i));
export const cycle = (count: number, classes: number) => Array.from({ length: count }, (_, i) => i % classes);

/** Of no relation to the row's number. */
export const noise = (i: number, salt = 0) => ((i * 7919 + salt * 104_729) % 1009) / 1009;
