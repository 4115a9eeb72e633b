// Lines and names of tables that are not as they should be: repeated headers, ends of lines, tabs, accents.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTable } from '#lockstep/data/formats/table.js';
import { lookAt } from '#lockstep/data/look.js';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { dataError, temporaryFolder, writeFiles } from '../../support/data-files.ts';

async function written(text: string, name = 'a.csv'): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { [name]: text });
  return join(folder, name);
}

test.each([
  ['the second line', 'a,b\na,b\n1,2\n3,4\n', 2],
  ['the middle', 'a,b\n1,2\na,b\n3,4\n', 3],
])('the header again in %s', async (_, text, line) => {
  const file = await written(text);
  expect(await dataError(readTable(file))).toBe(
    `${file}:${line}: expected a row, got the names of the header again; remove this line`,
  );
});

test('two equal rows of words are no header', async () => {
  expect((await readTable(await written('big,red\nbig,red\nsmall,red\n'))).header).toBe(false);
});

test('rows that end in a delimiter under a header that does not: no index', async () => {
  const table = await readTable(await written('a,b\n1,2,\n3,4,\n'));
  expect(table.columns.map(({ name }) => name)).toEqual(['a', 'b']);
  expect([...table.column(0)]).toEqual([1, 3]);
  const file = await written('a,b\n1,2,\n3,4,5\n6,7,\n');
  expect(await dataError(readTable(file))).toContain(
    `${file}:3: expected 2 cells, as many as there are names`,
  );
});

test('a first column that repeats itself is no index', async () => {
  const file = await written('a,b\n1,2,3\n1,4,5\n');
  expect(await dataError(readTable(file))).toContain(
    `${file}:2: expected 2 cells, as many as there are names`,
  );
});

test('aligned spaces with a tab, and words in quotes', async () => {
  const table = await readTable(
    await written('18.0   8   307.0\t"chevrolet malibu"\n15.0   8   350.0\t"buick"\n'),
  );
  expect([table.delimiter, table.columns.length, table.columns[3]!.words]).toEqual([
    ' ',
    4,
    ['chevrolet malibu', 'buick'],
  ]);
});

test('names are the same with an accent of its own', async () => {
  const [one, two] = ['größe'.normalize('NFC'), 'größe'.normalize('NFD')];
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'train.csv': `${one},label\n1,p\n2,q\n3,p\n`,
    'test.csv': `${two},label\n1,p\n2,q\n`,
  });
  const { notes, test } = await openDataset(join(folder, 'train.csv'));
  expect(test.count).toBe(2);
  expect(notes!.join()).not.toContain('has no column');
});

test('values that 32 bits do not hold, and one that is far off', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i + 1},${i + 0.5},${'pq'[i % 2]}\n`);
  const told = async (cell: string) => {
    const file = await written(`a,b,label\n${rows.join('')}${cell},1,p\n`);
    return lookAt(await openDataset(file, { fold: { number: 1, of: 2 }, unfolded: true })).join('\n');
  };
  expect(await told('1e39')).toBe(
    'column "a" has values up to 1.00e+39, more than a number of 32 bits holds',
  );
  expect(await told('1e33')).toContain('column "a" has values up to 1.00e+33, and half of them are below 16');
  expect(await told('1e9')).toBe('');
});

test('a target with another word in each row: its words are told', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i},w${i}x\n`);
  const dataset = await openDataset(await written(`a,label\n${rows.join('')}`));
  expect(() => lookAt(dataset)).toThrow('it holds words, such as "w0x"; data.target says what is predicted');
});

test('a cell with an end of line of old Macs in it is told in a line', async () => {
  const file = await written('label,a,b,c,d\n0\r1,2,3,4\n1,255,0,null,"8"\n2,9,9,9,9\n');
  expect(await dataError(readTable(file))).toMatch(/^\S+a.csv:\d+: expected /);
});
