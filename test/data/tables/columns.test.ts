import { expect, test } from 'vitest';
import { columnCalled, findColumn } from '#lockstep/data/tables/columns.js';

/** What is needed of a table with these columns. */
function table(...names: string[]) {
  const columns = names.map((name) => ({ name }));
  return { file: 'a.csv', columns } as unknown as Parameters<typeof findColumn>[0];
}

test('a column is found by its name as it is written, although others differ only in their case', () => {
  const found = table('B', 'b', 'c');
  expect([findColumn(found, 'B'), findColumn(found, 'b')]).toEqual([0, 1]);
});

test('else in any case, unless that fits several', () => {
  expect(findColumn(table('Size', 'mass'), ' size')).toBe(0);
  expect(findColumn(table('Size', 'SIZE'), 'size')).toBeUndefined();
});

test('a number is a position from 1', () => {
  const found = table('x', 'y');
  expect([1, 2, 3].map((position) => findColumn(found, position))).toEqual([0, 1, undefined]);
});

test('one that is not there is named, with those that are', () => {
  expect(() => columnCalled(table('size', 'mass'), 'sise', 'data.target')).toThrow(
    'a.csv: expected a column "sise", as data.target says, got "size", "mass"; did you mean "size"?',
  );
});
