// Numbers as people write them: what is read, what is refused, and that words stay words.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { datasetDigest } from '#lockstep/data/digest.js';
import { type OpenOptions, openDataset } from '#lockstep/data/open-dataset.js';
import { openSamples } from '#lockstep/data/open-samples.js';
import type { Signature } from '#lockstep/data/split.js';
import { dataError, temporaryFolder, writeFiles } from '../../support/data-files.ts';

async function written(lines: readonly string[], name = 'a.csv'): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { [name]: `${lines.join('\n')}\n` });
  return join(folder, name);
}

/** Rows of the column `a` with another of numbers and a label, with semicolons between. */
const rowsOf = (cells: readonly string[], other = '1') => [
  'a;b;label',
  ...cells.map((cell, i) => `${cell};${other};${'pq'[i % 2]}`),
];

async function opened(lines: readonly string[], options: OpenOptions = {}) {
  const file = await written(lines);
  const all = { ...options, fold: { number: 1, of: 2 }, unfolded: true };
  const { features, train, notes } = await openDataset(file, all);
  if (features.kind !== 'floats') throw new Error('no table');
  const { columns } = features;
  const column = (c: number) =>
    Array.from({ length: train.count }, (_, row) => train.features[row * columns.length + c]);
  return { columns, column, notes: notes!.join('\n') };
}

describe('a column whose cells are all written alike', () => {
  test.each<[what: string, cells: string[], values: number[], note: string]>([
    [
      'commas between thousands',
      ['1,234.5', '12', '1,000,000'],
      [1234.5, 12, 1e6],
      '"1,234.5" is read as 1234.5',
    ],
    [
      'points between thousands',
      ['1.234,56', '12', '0,5'],
      [1234.56, 12, 0.5],
      '"1.234,56" is read as 1234.56',
    ],
    ['percent', ['45.3%', '7 %', '100%'], [45.3, 7, 100], '"45.3%" is read as 45.3'],
    ['dollars', ['$1,234.56', '$7', '-$2.5'], [1234.56, 7, -2.5], '"$1,234.56" is read as 1234.56'],
    ['euros', ['1234.50 €', '7 €', '0.5 €'], [1234.5, 7, 0.5], '"1234.50 €" is read as 1234.5'],
    ['accounts', ['(0.52)', '3', '1.5'], [-0.52, 3, 1.5], '"(0.52)" is read as -0.52'],
    ['a minus sign', ['\u22121.5', '2', '-3'], [-1.5, 2, -3], '"\u22121.5" is read as -1.5'],
    ['narrow spaces', ['1\u202f234', '5\u202f678', '7'], [1234, 5678, 7], 'is read as 1234'],
    ['unbreakable spaces', ['1\u00a0234', '5', '7'], [1234, 5, 7], 'is read as 1234'],
    ['apostrophes', ["1'234.5", '12’345', '7'], [1234.5, 12345, 7], 'is read as 1234.5'],
  ])('%s', async (_, cells, values, note) => {
    const { column, notes, columns } = await opened(rowsOf([...cells, ...cells]));
    expect(columns[0]).toMatchObject({ kind: 'number', name: 'a' });
    expect(column(0)).toEqual([...values, ...values]);
    expect(notes).toContain('column "a": ');
    expect(notes).toContain(note);
  });

  test.each<[what: string, a: string[], b: string, values: number[]]>([
    ['a decimal point elsewhere', ['1,101', '1,102'], '7.5', [1101, 1102]],
    ['a decimal comma elsewhere', ['1.101', '1.102'], '7,5', [1101, 1102]],
    ['a decimal comma elsewhere', ['1,101', '1,102'], '7,5', [1.101, 1.102]],
  ])('the other columns tell what 1,101 is: %s', async (_, a, b, values) => {
    expect((await opened(rowsOf([...a, ...a], b))).column(0)).toEqual([...values, ...values]);
  });

  test('nobody tells what 1,101 is: it is refused, and data.decimal says it', async () => {
    const lines = rowsOf(['1,101', '1,102', '1,103', '1,104']);
    const file = await written(lines);
    expect(await dataError(openDataset(file))).toBe(
      `${file}:2: expected numbers that are written alike in column "a", with a clear decimal mark, got ` +
        '"1,101"; say --set data.decimal=point if 1.5 is one and a half, ' +
        '--set data.decimal=comma if 1,5 is; ' +
        `or if it is meant as words: --set 'data.categories=[a]', or name it in data.drop`,
    );
    expect((await opened(lines, { decimal: 'comma' })).column(0)[0]).toBe(1.101);
    expect((await opened(lines, { decimal: 'point' })).column(0)[0]).toBe(1101);
    expect((await opened(lines, { categories: ['a'] })).columns[0]!.kind).toBe('category');
  });

  test('a form that comes late in a large file is read as well', async () => {
    const plain = Array.from({ length: 120_000 }, (_, i) => `${i % 900}`);
    const { column, columns } = await opened(rowsOf([...plain, '1,234.5', '2,000'], '2.5'));
    expect(columns[0]!.kind).toBe('number');
    expect(column(0).slice(-3)).toEqual([Number(plain.at(-1)), 1234.5, 2000]);
  });
});

test.each<[what: string, cells: string[]]>([
  ['names', ['ann', 'bob', 'ann', 'bob']],
  ['sizes', ['5 kg', '6 kg', '5 kg', '6 kg']],
  ['codes', ['A1', 'B2', 'A1', 'B2']],
  ['telephones', ['555 123', '555 124', '555 123', '555 124']],
  ['versions', ['1.2.3', '1.2.4', '1.2.3', '1.2.4']],
  ['lists', ['1,2,3', '1,2', '1,2,3', '1,2']],
])('%s stay words', async (_, cells) => {
  const { columns } = await opened(rowsOf(cells));
  expect(columns[0]).toEqual({ kind: 'category', name: 'a', words: [...new Set(cells)] });
});

test('times are words, and that is told', async () => {
  const { notes } = await opened(rowsOf(['12:30', '1:15', '12:30', '1:15']));
  expect(notes).toContain('column "a" has times or dates, such as "12:30": taken for words, not for numbers');
});

describe('a few words among numbers', () => {
  const numbers = Array.from({ length: 40 }, (_, i) => `${20 + i}`);

  test.each(['3O', 'unknown', '12:30'])('%s is refused with its line', async (cell) => {
    const file = await written(rowsOf([...numbers, cell, '7']));
    expect(await dataError(openDataset(file))).toBe(
      `${file}:42: expected a number in column "a", ` +
        `as in 41 of 42 rows, got "${cell}"; correct it, or leave ` +
        'the cell empty and say data.missing; if it is meant as words: ' +
        `--set 'data.categories=[a]', or name it ` +
        'in data.drop',
    );
    await expect(opened(rowsOf([...numbers, cell]), { categories: ['a'] })).resolves.toBeTruthy();
    await expect(opened(rowsOf([...numbers, cell]), { drop: ['a'] })).resolves.toBeTruthy();
  });

  test('classes such as 0, 1, 2, 3+ are none', async () => {
    const cells = Array.from({ length: 60 }, (_, i) => (i % 12 === 0 ? '3+' : `${i % 3}`));
    expect((await opened(rowsOf(cells))).columns[0]!.kind).toBe('category');
  });

  test('a target of prices with a typo is refused with its line, whatever the loss', async () => {
    const lines = rowsOf([...numbers, 'abc']);
    const file = await written(lines);
    expect(await dataError(openDataset(file, { target: 'a' }))).toContain(`${file}:42: expected a number`);
    expect(await dataError(openDataset(file, { target: 'a', task: 'values' }))).toContain(
      ':42: expected a number',
    );
  });
});

test('numbers of more digits than a double holds are an id', async () => {
  const cells = Array.from({ length: 40 }, (_, i) => `12345678901234560${10 + i}`);
  const { columns, notes } = await opened(rowsOf(cells));
  expect(columns.map(({ name }) => name)).toEqual(['b']);
  expect(notes).toContain('(numbers of more digits than a number can hold), such as "1234567890123456010"');
  expect(notes).toContain('taken for an id, not read');
});

describe('files for a network are read as its training was', () => {
  async function signatureOf(lines: readonly string[]): Promise<Signature> {
    const { features, targets } = await openDataset(await written(lines));
    return {
      features,
      targets,
      preparation: { kind: 'columns', columns: [] },
      unit: { mean: [], deviation: [] },
    };
  }
  const given = async (signature: Signature, lines: readonly string[]) => [
    ...(await openSamples(await written(lines), signature, {}, 'rows')).samples.features,
  ];
  const german = rowsOf(['1.101', '1.102', '1.103', '1.104'], '7,5');

  test('a single row that tells nothing', async () => {
    const signature = await signatureOf(german);
    expect(await given(signature, ['a;b', '1.250;3'])).toEqual([1250, 3]);
    expect(await given(signature, ['a;b', '1250;1.500'])).toEqual([1250, 1500]);
  });

  test('a file that tells another decimal mark', async () => {
    expect(await given(await signatureOf(german), ['a,b', '1101.5,0.25'])).toEqual([1101.5, 0.25]);
  });

  test('percent stay percent', async () => {
    const signature = await signatureOf(rowsOf(['45%', '50%', '7.5%', '8%']));
    expect(await given(signature, ['a;b', '12 %;3'])).toEqual([12, 3]);
    await expect(given(signature, ['a;b', '0.12;3'])).rejects.toThrow(
      ':2: expected a number written as "1234.5%" in column "a", as in the training data, got "0.12"',
    );
  });

  test('a test file, too; and the digest is that of the numbers', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      'train.csv': `${german.join('\n')}\n`,
      'test.csv': 'a;b;label\n1.250;3;p\n',
      'plain-train.csv': `${german.join('\n').replaceAll('.', '').replaceAll(',', '.')}\n`,
      'plain-test.csv': 'a;b;label\n1250;3;p\n',
    });
    const dataset = await openDataset(join(folder, 'train.csv'));
    expect([...dataset.test.features]).toEqual([1250, 3]);
    expect(datasetDigest(dataset)).toBe(datasetDigest(await openDataset(join(folder, 'plain-train.csv'))));
  });
});
