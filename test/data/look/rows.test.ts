// What is told of samples and columns that are there twice, or tell the target.
import { expect, test } from 'vitest';
import type { Targets } from '#lockstep/contracts/task.js';
import type { Column, Dataset } from '#lockstep/data/dataset.js';
import { lookAt } from '#lockstep/data/look.js';
import { cycle, many, noise, pictures, species, tableOf } from '../../support/small-data.ts';

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
