// The preparation of a table: fitted on the training part, applied to raw rows.
import { describe, expect, test } from 'vitest';
import type { Column, Features } from '#lockstep/data/dataset.js';
import { fitPreparation, inputsOf, type PreparationRule, rowWriter } from '#lockstep/data/preparation.js';
import { LockstepError } from '#lockstep/foundation/errors.js';

const number = (name: string): Column => ({ kind: 'number', name });
const category = (name: string, words: string[]): Column => ({ kind: 'category', name, words });
const none = Number.NaN;

type Table = Features & { kind: 'floats' };

const tableOf = (...columns: Column[]): Table => ({ kind: 'floats', shape: [columns.length], columns });

function rowsOf(rows: readonly (readonly number[])[]): Float64Array<SharedArrayBuffer> {
  const numbers = rows.flat();
  const shared = new Float64Array(new SharedArrayBuffer(8 * numbers.length));
  shared.set(numbers);
  return shared;
}

const standardise: PreparationRule = { scaling: 'standardise', missing: 'refuse' };

/** Fits on some of the rows, and gives what the network reads of all of them, or of other rows. */
function prepare(
  features: Table,
  rows: readonly (readonly number[])[],
  rule: Partial<PreparationRule> = {},
  { samples = [...rows.keys()], apply = rows, as = features } = {},
) {
  const training = Uint32Array.from(samples);
  const preparation = fitPreparation(features, { features: rowsOf(rows) }, training, {
    ...standardise,
    ...rule,
  });
  const write = rowWriter(as, preparation);
  const inputs = inputsOf(preparation, features);
  const numbers = rowsOf(apply);
  const read = apply.map((_, row) => {
    // What is around it must stay as it was.
    const into = new Float64Array(inputs + 2).fill(-99);
    write(numbers, row * features.columns.length, into, 1);
    expect([into[0], into.at(-1)]).toEqual([-99, -99]);
    return [...into.subarray(1, -1)];
  });
  return { preparation, read };
}

describe('a number', () => {
  const features = tableOf(number('a'), number('b'));
  const rows = [
    [2, 1e6],
    [4, 1e6 + 2],
    [4, 1e6 + 4],
    [6, 1e6 + 2],
  ];

  test('is standardised: mean 0, standard deviation 1 (divided by n)', () => {
    const { preparation, read } = prepare(features, rows);
    const root = Math.sqrt(2);
    expect(preparation).toEqual({
      kind: 'columns',
      columns: [
        { kind: 'number', name: 'a', shift: 4, scale: root },
        { kind: 'number', name: 'b', shift: 1e6 + 2, scale: root },
      ],
    });
    const far = 2 / root;
    expect(read).toEqual([[-far, -far], [0, 0], [0, far], [far, 0]]); // biome-ignore format: a matrix
  });

  test('is scaled to 0 to 1, or left as it is', () => {
    expect(prepare(features, rows, { scaling: 'min-max' }).read).toEqual([[0, 0], [0.5, 0.5], [0.5, 1], [1, 0.5]]); // biome-ignore format: a matrix
    expect(prepare(features, rows, { scaling: 'none' }).read).toEqual(rows);
  });

  test('is fitted to the training part alone', () => {
    const { read } = prepare(
      features,
      [...rows, [1000, -1e9]],
      { scaling: 'min-max' },
      { samples: [0, 1, 2, 3] },
    );
    expect(read[3]).toEqual([1, 0.5]);
    expect(read[4]![0]).toBe(998 / 4);
  });

  test.each(['standardise', 'min-max'] as const)('that is always the same becomes 0: %s', (scaling) => {
    // The mean of thirds is not exactly a third, and must not be blown up.
    for (const value of [0, 7, 1 / 3, 1e-300, -1e300]) {
      const { read, preparation } = prepare(tableOf(number('a')), new Array(7).fill([value]), { scaling });
      for (const [x] of read) expect(Math.abs(x!)).toBeLessThanOrEqual(Math.abs(value) * 1e-15);
      expect(preparation).toMatchObject({ columns: [{ scale: 1 }] });
    }
  });
});

describe('a missing number', () => {
  const features = tableOf(number('a'));
  const rows = [[1], [none], [3], [5]];

  test('is refused by its column when it is read', () => {
    const message =
      'column "a": expected a number in every row, as in the training, got a missing one; ' +
      'fill it in, or train with `data.missing: mean`';
    expect(() => prepare(features, rows)).toThrow(new LockstepError('data', message));
  });

  test('becomes the mean of those that are known', () => {
    const { preparation, read } = prepare(features, rows, { missing: 'mean' });
    expect(preparation).toMatchObject({ columns: [{ shift: 3, missing: 3 }] });
    expect(read[1]).toEqual([0]);
    expect(prepare(features, rows, { missing: 'mean', scaling: 'min-max' }).read.flat()).toEqual([
      0, 0.5, 0.5, 1,
    ]);
    expect(prepare(features, rows, { missing: 'mean', scaling: 'none' }).read.flat()).toEqual([1, 3, 3, 5]);
  });

  test('category: one more input says so', () => {
    const { read } = prepare(features, rows, { missing: 'category', scaling: 'none' });
    expect(read).toEqual([[1, 0], [3, 1], [3, 0], [5, 0]]); // biome-ignore format: a matrix
  });

  test('in later rows only: the mean stands for it, if none was missing in the training', () => {
    const whole = [[1], [3], [5]];
    for (const missing of ['mean', 'category'] as const) {
      const { read } = prepare(features, whole, { missing, scaling: 'none' }, { apply: [[none], [4]] });
      expect(read).toEqual([[3], [4]]);
    }
  });

  test('of a column that is all missing becomes 0', () => {
    expect(prepare(features, [[none], [none]], { missing: 'mean' }).read).toEqual([[0], [0]]);
  });
});

describe('a word', () => {
  const colours = ['red', 'green', 'blue'];
  const features = tableOf(number('a'), category('colour', colours), number('b'));
  const rows = [
    [1, 2, 4],
    [1, 0, 4],
    [1, 2, 4],
  ];

  test('is one input for each word that occurs in the training part', () => {
    const { preparation, read } = prepare(features, rows, { scaling: 'none' });
    expect(preparation).toMatchObject({ columns: [{}, { words: ['red', 'blue'] }, {}] });
    expect(read).toEqual([[1, 0, 1, 4], [1, 1, 0, 4], [1, 0, 1, 4]]); // biome-ignore format: a matrix
  });

  test('that did not occur there is zeros', () => {
    const { read } = prepare(features, rows, { scaling: 'none' }, { apply: [[1, 1, 4]] });
    expect(read).toEqual([[1, 0, 0, 4]]);
  });

  test('is found in a table that has its words in another order, and others', () => {
    const as = tableOf(number('a'), category('colour', ['blue', 'pink', 'red']), number('b'));
    const apply = [0, 1, 2].map((word) => [1, word, 4]);
    const { read } = prepare(features, rows, { scaling: 'none' }, { apply, as });
    expect(read).toEqual([[1, 0, 1, 4], [1, 0, 0, 4], [1, 1, 0, 4]]); // biome-ignore format: a matrix
  });

  test('that is missing is a category of its own if that happened in the training, else zeros', () => {
    const holes = [...rows, [1, none, 4]];
    expect(prepare(features, holes, { scaling: 'none', missing: 'mean' }).read).toEqual([
      [1, 0, 1, 0, 4],
      [1, 1, 0, 0, 4],
      [1, 0, 1, 0, 4],
      [1, 0, 0, 1, 4],
    ]);
    const { read } = prepare(features, rows, { scaling: 'none', missing: 'mean' }, { apply: [[1, none, 4]] });
    expect(read).toEqual([[1, 0, 0, 4]]);
  });
});

test('pixels need no fitting', () => {
  const shape = [4, 5, 3] as const;
  const features: Features = { kind: 'bytes', shape };
  const samples = { features: new Uint8Array(new SharedArrayBuffer(60)) };
  const preparation = fitPreparation(features, samples, Uint32Array.of(0), standardise);
  expect(preparation).toEqual({ kind: 'pixels' });
  expect(inputsOf(preparation, features)).toBe(60);
});
