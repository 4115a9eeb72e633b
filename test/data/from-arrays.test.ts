// Data sets of a program's own tables: what becomes of columns, and what is refused. (Pictures:
// library/door.)
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { datasetDigest } from '#lockstep/data/digest.js';
import { datasetOf, type TableDataset } from '#lockstep/data/from-arrays.js';

const houses: TableDataset = {
  name: 'houses',
  target: 'price',
  train: { rooms: [3, 5, null], town: ['Ulm', 'Bonn', 'Ulm'], price: [210, 320, 250] },
  test: { price: [250], town: ['Kiel'], rooms: Float64Array.of(4) },
};

const littleEndian = (...numbers: number[]) => {
  const bytes = Buffer.alloc(8 * numbers.length);
  for (const [i, number] of numbers.entries()) bytes.writeDoubleLE(number, 8 * i);
  return bytes;
};

describe('columns', () => {
  test('are numbers or words; a missing cell, or a word of the test rows alone, is NaN', () => {
    const { features, targets, train, test, name } = datasetOf(houses);
    expect(name).toBe('houses');
    expect(features).toEqual({
      kind: 'floats',
      shape: [2],
      columns: [
        { kind: 'number', name: 'rooms' },
        { kind: 'category', name: 'town', words: ['Ulm', 'Bonn'] },
      ],
    });
    expect(targets).toEqual({ kind: 'values', names: ['price'] });
    expect([...train.features]).toEqual([3, 0, 5, 1, Number.NaN, 0]);
    expect([...train.targets]).toEqual([210, 320, 250]);
    expect([...test.features]).toEqual([4, Number.NaN]);
    expect(train.features.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(train.targets.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('a target of words is classes, in the order of the alphabet', () => {
    const { targets, train, test } = datasetOf({
      ...houses,
      target: 'town',
      test: { ...houses.test, town: ['Bonn'] },
    });
    expect(targets).toEqual({ kind: 'classes', count: 2, names: ['Bonn', 'Ulm'] });
    expect([...train.targets, ...test.targets]).toEqual([1, 0, 1, 0]);
    expect(train.targets).toBeInstanceOf(Uint8Array);
  });

  test('several targets are values, or flags if that is said', () => {
    const flags = { a: [1, 0], b: [0, 0], x: [1, 2] };
    const given = { target: ['b', 'a'], train: flags, test: flags };
    expect(datasetOf(given).targets).toEqual({ kind: 'values', names: ['b', 'a'] });
    const { targets, train } = datasetOf({ ...given, task: 'flags' });
    expect(targets).toEqual({ kind: 'flags', names: ['b', 'a'] });
    expect([...train.targets]).toEqual([0, 1, 0, 0]);
  });
});

describe('the digest of a table', () => {
  test('is over its names, sizes and raw numbers', () => {
    const dataset = datasetOf(houses);
    const { features, targets, train, test } = dataset;
    const text = Buffer.from(
      '[{"kind":"floats","shape":[2],"columns":[{"kind":"number","name":"rooms"},' +
        '{"kind":"category","name":"town","words":["Ulm","Bonn"]}]},{"kind":"values","names":["price"]},3,1]',
    );
    expect(JSON.parse(text.toString())).toEqual([features, targets, train.count, test.count]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    const hash = createHash('sha256').update(length).update(text);
    hash.update(littleEndian(3, 0, 5, 1, Number.NaN, 0)).update(littleEndian(210, 320, 250));
    hash.update(littleEndian(4, Number.NaN)).update(littleEndian(250));
    expect(datasetDigest(dataset)).toBe(hash.digest('hex'));
  });

  test('is another for another number, word, column or target, and the same under another name', () => {
    const digest = (change: object) => datasetDigest(datasetOf({ ...houses, ...change }));
    const { train } = houses;
    const all = [
      digest({}),
      digest({ train: { ...train, rooms: [3, 5, 1] } }),
      digest({ train: { ...train, rooms: [3, null, 5] } }),
      digest({ train: { ...train, town: ['Ulm', 'Köln', 'Ulm'] } }),
      digest({ train: { ...train, price: [210, 320, 251] } }),
      digest({ target: 'rooms', train: { ...train, rooms: [3, 5, 1] } }),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(digest({ name: 'other' })).toBe(all[0]);
  });
});

describe('refuses', () => {
  const wrong = <T>(value: unknown) => value as T;
  test.each<[string, object, ErrorConstructor, string]>([
    [
      'a target that is no column',
      { target: 'cost' },
      TypeError,
      'train.cost: expected a column, got nothing',
    ],
    ['no target', { target: [] }, RangeError, 'target: expected at least one column, got 0'],
    ['a target that is no name', { target: [3] }, TypeError, 'target[0]: expected'],
    [
      'a task that is none',
      { task: 'regression' },
      RangeError,
      'task: expected classes, values or flags, got',
    ],
    [
      'a column that the test rows lack',
      { test: { price: [1], town: ['Ulm'] } },
      TypeError,
      'test.rooms: expected a column, got nothing',
    ],
    [
      'columns of different lengths',
      { train: { ...houses.train, town: ['Ulm'] } },
      RangeError,
      'train.town: expected 3 cells, got 1',
    ],
    [
      'numbers among words',
      { train: { ...houses.train, town: ['Ulm', 3, 'Bonn'] } },
      TypeError,
      'train.town[1]: expected a word, as in other rows, got 3',
    ],
    [
      'words among numbers, in the test rows',
      { test: { ...houses.test, rooms: ['many'] } },
      TypeError,
      'test.rooms[0]: expected a finite number or null, got "many"',
    ],
    [
      'infinity',
      { train: { ...houses.train, rooms: [1, Number.POSITIVE_INFINITY, 2] } },
      TypeError,
      'train.rooms[1]: expected a finite number, a word, or null, got Infinity',
    ],
    [
      'a missing target',
      { train: { ...houses.train, price: [1, null, 2] } },
      RangeError,
      'train.price[1]: expected a known target, got null',
    ],
    [
      'a class that the training rows do not have',
      { target: 'town', test: houses.test },
      RangeError,
      'test.town[0]: expected a known target, got "Kiel"',
    ],
    [
      'a flag that is no yes or no',
      { task: 'flags', train: { ...houses.train, price: [0, 1, 2] } },
      RangeError,
      'train.price[2]: expected 0 or 1, got 2',
    ],
    [
      'a class that is no whole number',
      { task: 'classes', train: { ...houses.train, price: [0, 1, 0.5] } },
      RangeError,
      'train.price[2]: expected a whole number from 0 to 65535, got 0.5',
    ],
    [
      'no rows',
      { train: { rooms: [], town: [], price: [] } },
      RangeError,
      'train: expected at least one row, got 0',
    ],
    [
      'nothing beside the target',
      { target: ['rooms', 'town', 'price'] },
      RangeError,
      'train: expected a column beside the target, got 0',
    ],
  ])('%s', (_, change, kind, message) => {
    const make = () => datasetOf(wrong({ ...houses, ...change }));
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });
});
