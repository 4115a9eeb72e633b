// Rows in JSON become the numbers that the same rows in a CSV file become.
import { expect, test } from 'vitest';
import { Refusal } from '#lockstep/http/refusal.js';
import type { RowRules } from '#lockstep/serve/given-rows.js';
import { jsonRows } from '#lockstep/serve/json-rows.js';
import { usualLimits } from '#lockstep/serve/limits.js';

const rules = (missing?: 'mean'): RowRules => ({
  signature: {
    features: {
      kind: 'floats',
      shape: [3],
      columns: [
        { kind: 'number', name: 'x' },
        { kind: 'category', name: 'place', words: ['north', '2'] },
        { kind: 'number', name: 'price', form: { decimal: ',', group: '.', unit: '' } },
      ],
    },
    targets: { kind: 'classes', count: 2, column: 'kind' },
    preparation: { kind: 'columns', columns: [] },
    unit: { mean: [0], deviation: [1] },
  },
  format: { source: 'x', ...(missing ? { missing } : {}) } as RowRules['format'],
  profile: undefined,
});

const pixels = (white?: number): RowRules => ({
  ...rules(),
  signature: {
    ...rules().signature,
    features: { kind: 'bytes', shape: [2, 3, 1], ...(white ? { white } : {}) },
  },
});

const read = (given: unknown, how = rules('mean')) => {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  return jsonRows(new TextEncoder().encode(text), how, usualLimits);
};

function refused(given: unknown, how = rules()): [status: number, message: string] {
  try {
    read(given, how);
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return [(error as Refusal).status, (error as Refusal).message];
  }
  throw new Error('expected a refusal');
}

test('arrays in the order of the columns, or objects by name; the array alone, or as rows', () => {
  const wanted = [1.5, 0, 1234.5, -2, 1, 0.25];
  const arrays = [
    [1.5, 'north', 1234.5],
    [-2, '2', 0.25],
  ];
  expect([...read(arrays).features]).toEqual(wanted);
  const objects = [
    { place: 'north', x: 1.5, price: 1234.5 },
    { PRICE: 0.25, kind: 'a', place: 2, x: -2, colour: 'red' },
  ];
  const given = read({ rows: objects });
  expect([...given.features]).toEqual(wanted);
  // The column that is predicted may be there.
  expect(given.notes).toEqual(['not used: "colour"']);
});

test('texts mean what they mean in a file: numbers in the form of their column, words for nothing', () => {
  const { features, like } = read([
    [' 1.5 ', 'NA', '1.234,5'],
    ['1e-3', null, ''],
    [null, 'west', '?'],
    ['NaN', 'west', 7],
  ]);
  const none = Number.NaN;
  expect([...features]).toEqual([1.5, none, 1234.5, 0.001, none, none, none, 2, none, none, 2, 7]);
  // A word that the network has never seen comes after its own.
  expect(like).toMatchObject({ columns: [{ name: 'x' }, { words: ['north', '2', 'west'] }, {}] });
});

test.each([
  ['', 400, 'body: expected JSON'],
  ['{"rows": [', 400, 'body: expected JSON'],
  [`${'['.repeat(17)}${']'.repeat(17)}`, 400, 'body: expected at most 16 arrays and objects'],
  ['3', 422, 'body: expected an array of rows, or { "rows": [...] }, got 3'],
  [{ rows: 1 }, 422, 'got rows that are no array'],
  [{ x: 1 }, 422, 'got "x"'],
  [[], 422, 'rows: expected at least one row, got none'],
  [[1], 422, 'rows[0]: expected an array of cells, or an object of them by name, got 1'],
  [
    [
      [1, 'north', 1],
      [1, 'north'],
    ],
    422,
    'rows[1]: expected 3 cells: x, place, price, got 2',
  ],
  [
    [{ x: 1, plaec: 'n', price: 1 }],
    422,
    'rows[0]: expected the column "place", which the network reads, got',
  ],
  [[{ x: 'one', place: 'n', price: 1 }], 422, 'rows[0].x: expected a finite number, got "one"'],
  ['[[1e999, "n", 1]]', 422, 'rows[0][0] (x): expected a finite number, got null'],
  [[[true, 'n', 1]], 422, 'rows[0][0] (x): expected a finite number, got true'],
  [[[1, ['n'], 1]], 422, 'rows[0][1] (place): expected a word, got an array'],
  [[[1, 'n', null]], 422, 'rows[0][2] (price): expected a value, as in every row of the training, got none'],
  ['[{"x":1,"place":"n","price":1,"__proto__":{"x":2}}]', 422, 'expected names of columns, got "__proto__"'],
  ['[{"constructor":1,"x":1,"place":"n","price":1}]', 422, 'expected names of columns, got "constructor"'],
  [Array.from({ length: 10_001 }, () => 0), 413, 'body: expected at most 10,000 rows'],
])('%j is refused: %i', (given, status, message) => {
  const [code, text] = refused(given);
  expect(text).toContain(message);
  expect(code).toBe(status);
});

test('bytes that are no UTF-8 are refused', () => {
  expect(() => jsonRows(Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d), rules(), usualLimits)).toThrow(
    'body: expected JSON in UTF-8, got other bytes',
  );
});

test('pixels as a flat array, or as lines; scaled if a white pixel is not 255', () => {
  const flat = [0, 1, 2, 3, 4, 255];
  const lines = [flat.slice(0, 3), flat.slice(3)];
  expect([...read([flat, lines], pixels()).features]).toEqual([...flat, ...flat]);
  expect([...read([[0, 4, 8, 16, 0, 0]], pixels(16)).features]).toEqual([0, 64, 128, 255, 0, 0]);
});

test.each([
  [[[0, 0, 0, 0, 0]], 'rows[0]: expected images of 2 x 3 pixels: 6 numbers, or 2 lines of 3, got 5'],
  [
    [
      [
        [0, 0, 0],
        [0, 0],
      ],
    ],
    'rows[0][1]: expected images of 2 x 3 pixels: 6 numbers, or 2 lines of 3, got 2',
  ],
  [[[0, 0, 0, 0, 0, 256]], 'rows[0][5]: expected a pixel of 0 to 255, as in the training set, got 256'],
  [[[0, 0, 0, 0, 0, '1']], 'rows[0][5]: expected a pixel of 0 to 255, as in the training set, got "1"'],
  [
    [
      [
        [0, 0, -1],
        [0, 0, 0],
      ],
    ],
    'rows[0][0][2]: expected a pixel of 0 to 255',
  ],
  [[{ x: 1 }], 'rows[0]: expected images of 2 x 3 pixels'],
])('%j are no pictures', (given, message) => {
  const [status, text] = refused(given, pixels());
  expect(text).toContain(message);
  expect(status).toBe(422);
});
