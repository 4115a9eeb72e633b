import { expect, test } from 'vitest';
import type { Targets } from '#lockstep/contracts/task.js';
import type { Column, Dataset, Features } from '#lockstep/data/dataset.js';
import { lookAt, lookAtMeanwhile } from '#lockstep/data/look.js';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { LockstepError } from '#lockstep/foundation/errors.js';
import { stream } from '#lockstep/foundation/random.js';
import { temporaryFolder, writeFiles } from '../support/data-files.ts';

function shared<T extends Uint8Array<SharedArrayBuffer> | Float64Array<SharedArrayBuffer>>(
  kind: new (buffer: SharedArrayBuffer) => T,
  numbers: readonly number[],
  bytes: number,
): T {
  const array = new kind(new SharedArrayBuffer(bytes * numbers.length));
  array.set(numbers);
  return array;
}

/** Pictures of 3 x 3 random bytes with these labels. */
function pictures(train: readonly number[], test: readonly number[], classes: number, top = 256): Dataset {
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
function tableOf(
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
const species: Targets = { kind: 'classes', count: 2, column: 'species' };
const many = (count: number, row: (i: number) => number[]) => Array.from({ length: count }, (_, i) => row(i));
const cycle = (count: number, classes: number) => Array.from({ length: count }, (_, i) => i % classes);

/** Of no relation to the row's number. */
const noise = (i: number, salt = 0) => ((i * 7919 + salt * 104_729) % 1009) / 1009;

function refusal(dataset: Dataset): string {
  try {
    lookAt(dataset);
  } catch (error) {
    expect(error).toBeInstanceOf(LockstepError);
    expect((error as LockstepError).code).toBe('data');
    return (error as LockstepError).message;
  }
  throw new Error('nothing was refused');
}

test('MNIST gives no warning', async () => {
  expect(lookAt(await openDataset('mnist'))).toEqual([]);
});

test('sound pictures and tables give no warning, all at once or a piece at a time', async () => {
  expect(lookAt(pictures(cycle(60, 3), cycle(12, 3), 3))).toEqual([]);
  const table = tableOf(
    ['a', 'b'],
    species,
    many(60, (i) => [noise(i), noise(i, 1), i % 2]),
  );
  expect(lookAt(table)).toEqual([]);
  const warned = pictures(cycle(60, 3), cycle(12, 3), 4);
  expect(await lookAtMeanwhile(warned)).toEqual(lookAt(warned));
});

test('one class only is refused', () => {
  expect(refusal(pictures([2, 2, 2], [2], 3))).toBe(
    'digits.csv: expected training samples of at least two classes, got class 2 for all 3; ' +
      'in a CSV file, data.target says which column holds the labels; rows without labels are for `train predict`',
  );
  const names = { kind: 'classes', count: 2, names: ['cat', 'dog'], column: 'animal' } as const;
  expect(
    refusal(
      tableOf(
        ['a'],
        names,
        many(4, (i) => [i, 1]),
      ),
    ),
  ).toBe(
    'table.csv: expected training samples of at least two classes, got class "dog" for all 4; ' +
      'data.target says which column is predicted',
  );
});

test('classes that never occur, or only in the test set', () => {
  const letters = cycle(260, 26).map((letter) => letter + 1);
  expect(lookAt(pictures(letters, letters.slice(0, 26), 27))).toEqual([
    'class 0 never occurs: 26 of 27 classes are used',
  ]);
  expect(lookAt(pictures(cycle(50, 5), [1, 2, 3, 10, 10], 11))).toEqual([
    'the test set has 2 samples of class 10, of which there is no training sample',
    'classes 5, 6, 7, 8 and 9 never occur: 6 of 11 classes are used',
  ]);
  expect(lookAt(pictures(cycle(50, 5), [0], 15))).toEqual([
    'classes 5, 6, 7, 8, 9, 10 and 4 more never occur: 5 of 15 classes are used',
  ]);
});

test('more classes than half the samples are told, a class for each of many samples is refused', () => {
  expect(lookAt(pictures(cycle(40, 25), [], 25))).toEqual([
    '25 classes in 40 training samples: most have a single one; is the target an id, or a value to predict?',
  ]);
  expect(lookAt(pictures(cycle(40, 20), [], 20))).toEqual([]);
  expect(refusal(pictures(cycle(40, 40), [], 40))).toBe(
    'digits.csv: expected classes of several samples each, ' +
      'got another class for each of 40 training samples, as an id has; ' +
      'data.target says what is predicted; to predict a value, take the loss mean-squared-error',
  );
  // Whoever tries something out with a handful of samples may.
  expect(lookAt(pictures([0, 1], [], 2))).toHaveLength(1);
});

test('values and flags that never vary', () => {
  const values = { kind: 'values', names: ['price', 'rent'] } as const;
  const rows = (rent: (i: number) => number) => many(30, (i) => [noise(i), 5, rent(i)]);
  expect(
    lookAt(
      tableOf(
        ['a'],
        values,
        rows((i) => noise(i, 1)),
      ),
    ),
  ).toEqual(['the value "price" is 5 in every training sample']);
  expect(
    refusal(
      tableOf(
        ['a'],
        values,
        rows(() => 3),
      ),
    ),
  ).toBe(
    'table.csv: expected a value to predict that varies, got the same "price" in all 30 training samples; ' +
      'data.target says which column is predicted',
  );
});

test('pixels of another range than 0 to 255, and rows that may lack a label', () => {
  expect(lookAt(pictures(cycle(60, 3), [], 3, 2))).toContain(
    'no pixel is above 1, of 255: if 1 is white, say so with --set data.white=1',
  );
  expect(lookAt(pictures(cycle(60, 3), [], 3, 17))).toEqual([
    'no pixel is above 16, of 255: if 16 is white, say so with --set data.white=16',
  ]);
  expect(lookAt(pictures(cycle(60, 3), [], 3, 18))).toEqual([]);
  expect(lookAt(pictures(cycle(60, 3), [], 3, 1))).toEqual([
    'every pixel is 0: the training pictures are empty',
  ]);
  // They were scaled knowingly.
  const scaled = pictures(cycle(60, 3), [], 3, 2);
  const features: Features = { kind: 'bytes', shape: [3, 3, 1], white: 1 };
  expect(lookAt({ ...scaled, features })).toEqual([]);

  const wide = pictures(cycle(60, 3), [], 3);
  const one = (columns: number): Dataset => ({
    ...wide,
    features: { kind: 'bytes', shape: [1, columns, 1] },
    train: {
      ...wide.train,
      features: shared<Uint8Array<SharedArrayBuffer>>(Uint8Array, cycle(60 * columns, 251), 1),
    },
  });
  expect(lookAt(one(63))).toEqual([
    'a label and 63 pixels, but 64 pixels would be 8 x 8: does digits.csv hold rows without labels?',
  ]);
  expect(lookAt(one(62))).toEqual([]);
});

test('test samples that are also training samples, each counted once, labels included', () => {
  const data = pictures(cycle(600, 3), cycle(90, 3), 3);
  const copy = (count: number, label = (own: number) => own) => {
    const test = { ...data.test, features: data.test.features.slice(), targets: data.test.targets.slice() };
    for (let i = 0; i < count; i++) {
      test.features.set(data.train.features.subarray(9 * 6 * i, 9 * (6 * i + 1)), 9 * i);
      test.targets[i] = label(data.train.targets[6 * i]!);
    }
    return { ...data, test } as unknown as Dataset;
  };
  expect(lookAt(copy(90))).toEqual(['90 of 90 test samples are also training samples']);
  expect(lookAt(copy(2))).toEqual(['2 of 90 test samples are also training samples']);
  expect(lookAt(copy(1))).toEqual([]);
  expect(lookAt(copy(90, (own) => (own + 1) % 3))).toEqual([]);
  // The same sample many times over in both.
  const again = copy(90);
  again.train.features.fill(7);
  again.test.features.fill(7);
  again.train.targets.fill(1, 0, 300).fill(2, 300);
  again.test.targets.fill(1, 0, 40).fill(0, 40);
  expect(lookAt(again)).toContain('40 of 90 test samples are also training samples');
});

test('rows of all widths are compared whole', () => {
  for (const columns of [1, 2, 3, 5, 40]) {
    const names = many(columns, () => []).map((_, c) => `c${c}`);
    const row = (i: number) => [...names.map((_, c) => noise(i, c + 1) + (columns - 1 === c ? i : 0)), i % 2];
    const train = many(300, row);
    const same = many(20, (i) => row(10 * i));
    expect(lookAt(tableOf(names, species, train, same))).toContain(
      '20 of 20 test samples are also training samples',
    );
    // Another number in the last column only.
    const other = same.map((cells) => cells.with(columns - 1, cells[columns - 1]! + 0.5));
    expect(lookAt(tableOf(names, species, train, other))).toEqual([]);
  }
});

test('columns with a single value, and columns that are there twice', () => {
  const { NaN: missing } = Number;
  const rows = many(500, (i) => {
    const gap = i % 5 === 0 ? missing : noise(i, 3);
    const late = i === 499 ? 2 : 1;
    return [noise(i), 4, missing, noise(i, 1), gap, noise(i), late, gap, noise(i), i % 2];
  });
  const columns = ['a', 'four', 'none', 'b', 'gap', 'a2', 'late', 'gap2', 'a3'];
  expect(lookAt(tableOf(columns, species, rows))).toEqual([
    '2 columns have a single value each in all training rows: "four", "none"',
    'columns "a", "a2", "a3" are the same in every training row',
    'columns "gap", "gap2" are the same in every training row',
  ]);
  const one = tableOf(
    ['a', 'four'],
    species,
    many(50, (i) => [noise(i), 4, i % 2]),
  );
  expect(lookAt(one)).toEqual(['column "four" has the same value in every training row']);
  // The same until the last row.
  const nearly = many(500, (i) => [noise(i), i === 499 ? 9 : noise(i), i % 2]);
  expect(lookAt(tableOf(['a', 'b'], species, nearly))).toEqual([]);
  // Two that are the same, and one that is nearly so, first in the table.
  const three = nearly.map(([x, y, label]) => [x!, y!, y!, label!]);
  expect(lookAt(tableOf(['a', 'b', 'c'], species, three))).toEqual([
    'columns "b", "c" are the same in every training row',
  ]);
});

test('a target among the features', () => {
  const words: Column = { kind: 'category', name: 'variety', words: ['x', 'y', 'z'] };
  const three: Targets = { kind: 'classes', count: 3, column: 'species' };
  const rows = (label: (i: number) => number) =>
    many(90, (i) => [noise(i), i % 7 === 0 ? Number.NaN : label(i), i % 3]);
  const advice = 'if it would not be known beforehand, leave it out with data.drop';
  const text = `column "variety" tells the target "species": each of its values goes with one class; ${advice}`;
  expect(
    lookAt(
      tableOf(
        ['a', words],
        three,
        rows((i) => (i + 1) % 3),
      ),
    ),
  ).toEqual([text]);
  // Two classes of one word, and an exception in the last row.
  expect(
    lookAt(
      tableOf(
        ['a', words],
        three,
        rows((i) => Math.min(1, i % 3)),
      ),
    ),
  ).toEqual([]);
  expect(
    lookAt(
      tableOf(
        ['a', words],
        three,
        rows((i) => (i === 89 ? 0 : i % 3)),
      ),
    ),
  ).toEqual([]);

  const price: Targets = { kind: 'values', names: ['price'] };
  const priced = (cell: (y: number, i: number) => number) =>
    tableOf(
      ['a', 'b'],
      price,
      many(90, (i) => [noise(i), cell(noise(i, 1), i), noise(i, 1)]),
    );
  expect(lookAt(priced((y) => y))).toEqual([`column "b" is equal to the target "price"; ${advice}`]);
  expect(lookAt(priced((y) => Math.round(-9300 * y) / 100 + 7))).toEqual([
    `column "b" has a correlation of 1 with the target "price"; ${advice}`,
  ]);
  expect(lookAt(priced((y, i) => y + 0.1 * noise(i, 2)))).toEqual([]);

  const flags: Targets = { kind: 'flags', names: ['ill', 'old'] };
  const flagged = many(90, (i) => [noise(i), i % 3 === 0 ? 5 : 8, i % 2, i % 3 === 0 ? 1 : 0]);
  expect(lookAt(tableOf(['a', 'b'], flags, flagged))).toEqual([
    `column "b" tells the target "old": each of its values goes with one class; ${advice}`,
  ]);
});

test('test pictures on the other ground are told, on any other they are not', () => {
  const on = (train: (i: number) => number, test: (i: number) => number, channels: 1 | 3 = 1): Dataset => {
    const part = (ground: (i: number) => number) => {
      const labels = many(40, (i) => [i % 2]).flat();
      // A dot in the middle, and noise that tells the pictures apart.
      const levels = labels.flatMap((_, i) =>
        many(25 * channels, (at) => {
          const level = Math.floor(at / channels) === 12 ? 255 - ground(i) : ground(i);
          return [Math.max(0, Math.min(255, level + ((i * 7 + at * 5) % 11) - 5))];
        }).flat(),
      );
      return {
        count: labels.length,
        features: shared<Uint8Array<SharedArrayBuffer>>(Uint8Array, levels, 1),
        targets: shared<Uint8Array<SharedArrayBuffer>>(Uint8Array, labels, 1),
      };
    };
    const features: Features = { kind: 'bytes', shape: [5, 5, channels] };
    const targets: Targets = { kind: 'classes', count: 2 };
    return { name: 'shapes', features, targets, train: part(train), test: part(test) };
  };
  const told = (dataset: Dataset) => lookAt(dataset).filter((line) => line.includes('ground'));
  for (const channels of [1, 3] as const) {
    expect(
      told(
        on(
          () => 10,
          () => 245,
          channels,
        ),
      ),
    ).toEqual([
      '100 % of the test pictures have a light ground (level 245), the training pictures a dark one ' +
        '(level 10): are they inverted? The network was never shown that',
    ]);
    expect(
      told(
        on(
          () => 240,
          (i) => (i % 2 ? 240 : 5),
          channels,
        ),
      ),
    ).toEqual([
      '50 % of the test pictures have a dark ground (level 5), the training pictures a light one ' +
        '(level 240): are they inverted? The network was never shown that',
    ]);
  }
  expect(
    told(
      on(
        () => 10,
        () => 60,
      ),
    ),
  ).toEqual([]);
  expect(
    told(
      on(
        (i) => (i % 3 ? 10 : 245),
        () => 245,
      ),
    ),
  ).toEqual([]);
});

test('what differs between training and test file, and an index in front, is noted', async () => {
  const folder = await temporaryFolder();
  const lines = (row: (i: number) => (string | number)[]) => `${many(30, row as never).join('\n')}\n`;
  const pixel = (i: number, p: number) => (i * 31 + p * 17) % 256;
  const cells = (i: number) => [0, 1, 2, 3].map((p) => pixel(i, p));
  await writeFiles(folder, {
    'a-train.csv': `label,pixel0,pixel1,pixel2,pixel3\n${lines((i) => [i % 3, ...cells(i)])}`,
    'a-test.csv': `pixel0,pixel1,pixel2,pixel3\n${lines((i) => cells(i + 99))}`,
    'b-train.csv': `label,pixel0,pixel1,pixel2,pixel3\n${lines((i) => [i % 3, ...cells(i)])}`,
    'b-test.csv': `pixel0,pixel1,pixel2,pixel3,label\n${lines((i) => [...cells(i + 99), i % 3])}`,
    'c.csv': lines((i) => [i, i % 3, ...cells(i)]),
    'd-train.csv': `age,size,y\n${lines((i) => [i, `${i}.5`, i % 3])}`,
    'd-test.csv': `Size,shoe,age,y\n${lines((i) => [`${i}.5`, 4, i, i % 3])}`,
  });
  const opened = async (name: string) => await openDataset(`${folder}/${name}`);
  const a = await opened('a-train.csv');
  expect(a.notes).toContain(
    'a-test.csv has no column "label": it is not the test set, but for `train predict`',
  );
  expect(a.train.count + a.test.count).toBe(30);

  const b = await opened('b-train.csv');
  expect(b.notes).toContain('b-test.csv has its columns in another order than b-train.csv: matched by name');
  expect([...b.test.targets.subarray(0, 4)]).toEqual([0, 1, 2, 0]);
  expect([...b.test.features.subarray(0, 4)]).toEqual(cells(99));

  const c = await opened('c.csv');
  expect(c.notes).toContain('column 1 counts the rows: taken for an index, not read; the label is column 2');
  expect(c.features.shape).toEqual([2, 2, 1]);
  expect(c.targets).toMatchObject({ kind: 'classes', count: 3 });

  const d = await opened('d-train.csv');
  expect(d.notes).toContain('d-test.csv has columns that d-train.csv has not: "shoe", not read');
  expect(d.notes).toContain('d-test.csv has its columns in another order than d-train.csv: matched by name');
});
