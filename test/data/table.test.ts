// Tables of text files: what is found in them, what is refused and where, and how the cells are handed over.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readTable, type Table, type TableOptions } from '#lockstep/data/formats/table.js';
import { dataError, temporaryFolder, writeFiles } from '../support/data-files.ts';

async function fileWith(contents: string | Buffer, name = 'a.csv'): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { [name]: contents });
  return join(folder, name);
}

async function tableOf(contents: string | Buffer, options?: TableOptions): Promise<Table> {
  return readTable(await fileWith(contents), options);
}

/** The message without the folder. */
async function complaintOf(contents: string | Buffer, options?: TableOptions): Promise<string> {
  const file = await fileWith(contents);
  return (await dataError(readTable(file, options))).replace(file, 'a.csv');
}

/** All cells with words in place of their indices, row after row. */
function cellsOf(table: Table): (number | string)[][] {
  return Array.from({ length: table.count }, (_, row) =>
    table.columns.map(({ words }, column) => {
      const value = table.cell(row, column);
      return words.length === 0 || Number.isNaN(value) ? value : words[value]!;
    }),
  );
}

const namesOf = ({ columns }: Table) => columns.map(({ name }) => name);

describe('the form of a table', () => {
  test.each<[what: string, text: string, delimiter: string, header: boolean, names: string[]]>([
    ['a header', 'a,b\n1,2\n', ',', true, ['a', 'b']],
    ['none', '5.1,3.5,setosa\n4.9,3,setosa\n', ',', false, ['column 1', 'column 2', 'column 3']],
    ['none, and a gap', '5.1,NA,x\n4.9,3,x\n', ',', false, ['column 1', 'column 2', 'column 3']],
    ['words alone, with names', 'size,colour\nbig,red\nsmall,red\n', ',', true, ['size', 'colour']],
    ['words alone', 'big,red\nsmall,red\nbig,blue\n', ',', false, ['column 1', 'column 2']],
    ['tabs', 'a\tb c\n1\t2\n', '\t', true, ['a', 'b c']],
    ['semicolons', 'a;b\n1;2\n', ';', true, ['a', 'b']],
    ['bars', 'a|b\n1|2\n', '|', true, ['a', 'b']],
    ['spaces', '1  2.5   x\n 10 3 x\n', ' ', false, ['column 1', 'column 2', 'column 3']],
    ['decimal commas', 'a;b\n1,5;2,5\n', ';', true, ['a', 'b']],
    ['semicolons in quotes', 'a,b\n"x;y",1\n"z;w",2\n', ',', true, ['a', 'b']],
    ['an inch in a cell', 'a;b\n5" pipe;1\n6;2\n7;3\n', ';', true, ['a', 'b']],
    ['one column', 'a\n1\n2\n', ',', true, ['a']],
    ['Excel’s first line', 'sep=|\na|b\n1|2\n', '|', true, ['a', 'b']],
    ['pandas’ index', ',a,b\n0,1,2\n1,3,4\n', ',', true, ['column 1', 'a', 'b']],
    ['pandas without names', ',0,1\n0,7,8\n1,9,9\n', ',', true, ['column 1', '0', '1']],
    ['R’s row names', '"a","b"\n"1",5,6\n"2",7,8\n', ',', true, ['column 1', 'a', 'b']],
    ['years', 'land,2019,2020,2021\nx,1.5,2,3\ny,3,4,5\n', ',', true, ['land', '2019', '2020', '2021']],
    ['names in quotes', '"a, b","c ""d"""\n1,2\n', ',', true, ['a, b', 'c "d"']],
    ['lines that end in a delimiter', 'a,b,\n1,2,\n3,4,\n', ',', true, ['a', 'b']],
  ])('%s', async (_, text, delimiter, header, names) => {
    const table = await tableOf(text);
    expect([table.delimiter, table.header, namesOf(table)]).toEqual([delimiter, header, names]);
  });

  test('what is said counts, not what would be found', async () => {
    const numbers = await tableOf('1;2\n3;4\n', { header: true });
    expect([namesOf(numbers), numbers.count]).toEqual([['1', '2'], 1]);
    const words = await tableOf('a,b\n1,2\n', { header: false });
    expect(cellsOf(words)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    const whole = await tableOf('a;b\n1;2\n', { delimiter: ',' });
    expect(cellsOf(whole)).toEqual([['1;2']]);
    const comma = await tableOf('a;b\n1,500;2\n', { decimal: ',' });
    expect(cellsOf(comma)).toEqual([[1.5, 2]]);
  });

  test('only a name that stands in the file is named', async () => {
    const { columns } = await tableOf(',a\n0,1\n1,2\n');
    expect(columns.map(({ named }) => named)).toEqual([false, true]);
  });

  test.each(['\n', '\r\n', '\r'])('lines that end in %j', async (end) => {
    const table = await tableOf(['\ufeffa,b', '1,x', '"2","y"', '3,z'].join(end));
    expect(namesOf(table)).toEqual(['a', 'b']);
    expect(cellsOf(table)).toEqual([
      [1, 'x'],
      [2, 'y'],
      [3, 'z'],
    ]);
  });

  test.each([
    { delimiter: ',,' },
    { delimiter: '"' },
    { delimiter: '' },
    { decimal: ',', delimiter: ',' },
  ] as const)('options that cannot be: %j', async (options) => {
    await expect(tableOf('a,b\n1,2\n', options)).rejects.toThrow(RangeError);
  });
});

describe('cells', () => {
  test('numbers, words, and nothing', async () => {
    const table = await tableOf('n,w,m\n 1e3 ,x y,5\n-.5,"x y", NA \n+2.,"a\nb",?\n007,"say ""hi""",""\n');
    expect(cellsOf(table)).toEqual([
      [1000, 'x y', 5],
      [-0.5, 'x y', Number.NaN],
      [2, 'a\nb', Number.NaN],
      [7, 'say "hi"', Number.NaN],
    ]);
    const [n, w, m] = table.columns;
    expect(n).toMatchObject({
      kind: 'number',
      min: -0.5,
      max: 1000,
      numbers: 4,
      missing: { count: 0, line: 0 },
    });
    expect(w).toMatchObject({
      kind: 'word',
      words: ['x y', 'a\nb', 'say "hi"'],
      min: Number.NaN,
      numbers: 0,
    });
    expect(w!.firstWord).toEqual({ line: 2, text: 'x y' });
    expect(m).toMatchObject({ kind: 'number', missing: { count: 3, line: 3 } });
    expect([0, 1, 2, 3].map((row) => table.line(row))).toEqual([2, 3, 4, 6]);
  });

  test.each(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None', '?', '-', '"NA"', '""'])(
    '%j is missing',
    async (cell) => {
      const { columns } = await tableOf(`a,b\n1,2\n3,${cell}\n`);
      expect(columns[1]).toMatchObject({ kind: 'number', missing: { count: 1, line: 3 } });
    },
  );

  test.each(['0x10', '1_000', '1 000', '1,5', '--1', '1e', '12%', 'none', 'Infinite', '1.234,5', '1.2.3'])(
    '%j is a word',
    async (cell) => {
      const { columns } = await tableOf(`a;b\n1;2.5\n3;"${cell}"\n`);
      expect(columns[1]).toMatchObject({ kind: 'word', words: ['2.5', cell], numbers: 1 });
      expect(columns[1]!.firstWord).toEqual({ line: 3, text: cell });
    },
  );

  test('with decimal commas, points separate thousands', async () => {
    const table = await tableOf('a;b\n1,5;2\n1.234,5;3\n', { decimal: ',' });
    expect(cellsOf(table)).toEqual([
      [1.5, 2],
      [1234.5, 3],
    ]);
  });

  test('what is missing can be said', async () => {
    const table = await tableOf('land,x\nNA,1\nDE,\n,-999\n', { missing: ['-999'] });
    expect(cellsOf(table)).toEqual([
      ['NA', 1],
      ['DE', Number.NaN],
      [Number.NaN, Number.NaN],
    ]);
  });

  test('infinite numbers are counted, with their place', async () => {
    const { columns } = await tableOf('a,b\n1,2\ninf,3\n-Infinity,1e999\n');
    expect(columns[0]).toMatchObject({ kind: 'number', infinite: { count: 2, line: 3 }, min: 1, max: 1 });
    expect(columns[1]).toMatchObject({ kind: 'number', infinite: { count: 1, line: 4 }, max: 3 });
  });

  test('1,500 may be one and a half or fifteen hundred: only 1,5 decides', async () => {
    expect((await tableOf('a;b\n1,500;x\n2,250;x\n')).columns[0]).toMatchObject({
      words: ['1,500', '2,250'],
    });
    const decided = await tableOf('a;b\n1,500;x\n2,25;x\n');
    expect([decided.decimal, decided.cell(0, 0)]).toEqual([',', 1.5]);
    expect((await tableOf('a;b\n1,500;1.5\n0,25;2.5\n-1,5;3.5\n9;1.25\n')).decimal).toBe('.');
  });

  test('empty lines are passed over, and lines are counted right', async () => {
    const table = await tableOf('\n\na,b\n1,2\n\n  \n"x\n\ny",3\n4,5\n\n');
    expect([0, 1, 2].map((row) => table.line(row))).toEqual([4, 7, 10]);
    expect(table.count).toBe(3);
  });

  test('known columns keep their kind, and their words', async () => {
    const known = [
      { name: 'w', kind: 'word', words: ['b', 'a'] },
      { name: 'id', kind: 'word' },
      { name: 'x', kind: 'number' },
    ] as const;
    const table = await tableOf('id,w,x\n007,a,1\n08,c,\n9,b,2\n', { known });
    expect([...table.column(1)]).toEqual([1, 2, 0]);
    expect(table.columns[1]!.words).toEqual(['b', 'a', 'c']);
    expect(table.columns[0]).toMatchObject({ words: ['007', '08', '9'], numbers: 3, firstWord: undefined });
    expect(await complaintOf('id,w,x\n1,a,1\n2,a,"x, y"\n', { known })).toBe(
      'a.csv:3: expected a number in column "x", as in the training data, got "x, y"',
    );
  });

  test('a word late in a column of numbers: what was written before it is kept', async () => {
    const rows = 150_000;
    const text = `a,b\n${'01,2.50\n'.repeat(rows)}x,3\n`;
    const seen: number[] = [];
    const table = await tableOf(text, { progress: (read, total) => seen.push(read / total) });
    expect(table.columns[0]).toMatchObject({
      kind: 'word',
      words: ['01', 'x'],
      numbers: rows,
      firstWord: { line: rows + 2, text: 'x' },
    });
    expect(table.columns[1]).toMatchObject({ kind: 'number', min: 2.5, max: 3, numbers: rows + 1 });
    expect(seen.at(-1)).toBe(1);
  });
});

describe('a table that is wrong', () => {
  test.each<[what: string, contents: string | Buffer, complaint: string]>([
    ['empty', '', 'a.csv: expected rows of cells, got an empty file'],
    ['of empty lines', '\n \n', 'a.csv: expected rows of cells, got an empty file'],
    ['of a header', 'a,b\n', 'a.csv: expected rows after the header, got none'],
    [
      'a row too long',
      'a,b\n1,2\n"x\ny",2\n1,2,3\n',
      'a.csv:5: expected 2 cells, as in the first row, got 3 cells; ',
    ],
    [
      'a row too short',
      'a;b\n1;2\n3\n',
      'a.csv:3: expected 2 cells, as in the first row, got 1 cell; cells are ',
    ],
    [
      'a title',
      'My data\na,b\n1,2\n',
      'a.csv:2: expected 1 cell, as many as there are names, got 2; lines above',
    ],
    [
      'a quote open',
      'a,b\n1,2\n"x,3\n4,5\n',
      'a.csv:3: expected a closing quote, got none up to the end of the file',
    ],
    [
      'a quote in a word',
      'a,b\n"x"y,3\n',
      'a.csv:2: expected the end of a cell after its closing quote, got more',
    ],
    [
      'two names alike',
      '\na,b, a\n1,2,3\n',
      'a.csv:2: expected columns with different names, got "a" for columns 1 and 3',
    ],
    ['a byte of 0', 'a,b\n1,2\n\0,3\n', 'a.csv:3: expected text, got a byte of 0'],
    [
      'Latin-1',
      Buffer.from('a,b\n1,2\ncaf\xe9,3\n', 'latin1'),
      'a.csv:3: expected text in UTF-8, got byte 0xe9',
    ],
    [
      'half a letter',
      Buffer.from('a,b\n1,é').subarray(0, -1),
      'a.csv:2: expected text in UTF-8, got byte 0xc3',
    ],
  ])('%s', async (_, contents, complaint) => {
    const message = await complaintOf(contents);
    expect(message.slice(0, complaint.length)).toBe(complaint);
    expect(message).not.toContain('\n');
  });

  test('lines are counted over chunks of bytes', async () => {
    const rows = 400_000;
    const message = await complaintOf(`a,b\n${'1,é\n'.repeat(rows)}1,"x\ny"\n3\n`);
    expect(message).toContain(`a.csv:${rows + 4}: expected 2 cells`);
    const latin = Buffer.concat([
      Buffer.from(`a,b\n${'1,é\n'.repeat(rows)}`),
      Buffer.of(0x31, 0x2c, 0xe9, 0x0a),
    ]);
    expect(await complaintOf(latin)).toContain(`a.csv:${rows + 2}: expected text in UTF-8`);
  });

  test.each([
    ['an end of line in quotes', '"a\r\nb",1\r\n', 3, 'a\nb'],
    ['a space after a quote', '"ab" ,1\r\n', 5, 'ab'],
    ['a quote written twice', '"a""b",1\r\n', 3, 'a"b'],
    ['a letter of several bytes', 'aéb,1\r\n', 2, 'aéb'],
  ])('%s may lie in two chunks', async (_, row, cut, word) => {
    const start = 'a,b\r\n1,2\r\n';
    const filler = 'x'.repeat(1_048_576 - start.length - ',1\r\n'.length - cut);
    const table = await tableOf(`${start}${filler},1\r\n${row}3,4\r\n`);
    expect([table.count, table.columns[0]!.words[2]]).toEqual([4, word]);
  });

  test('a quote that is never closed does not fill the memory', async () => {
    const message = await complaintOf(`a,b\n1,2\n"x,3\n${'4,5\n'.repeat(6_000_000)}`);
    expect(message).toBe(
      'a.csv:3: expected rows of at most 16777216 characters, got a longer one; ' +
        'is a quote opened here and never closed?',
    );
  });

  test('too many columns', async () => {
    expect(await complaintOf(`${'1,'.repeat(300_000)}1\n`.repeat(2))).toBe(
      'a.csv:1: expected at most 262144 columns, got 300001',
    );
  });

  test('nothing of that name, and a folder', async () => {
    const folder = await temporaryFolder();
    expect(await dataError(readTable(join(folder, 'no.csv')))).toContain('got nothing of that name');
    expect(await dataError(readTable(folder))).toContain('expected a file with a table, got a folder');
  });

  test('gzip that is cut off', async () => {
    const folder = await temporaryFolder();
    const whole = gzipSync('a,b\n1,2\n');
    await writeFiles(folder, { 'a.csv': whole.subarray(0, -4) });
    expect(await dataError(readTable(join(folder, 'a.csv')))).toContain('expected a sound gzip file');
  });
});

describe('memory', () => {
  const rows = 200_000;
  const text = `a,b\n${'1.5,2.25\n'.repeat(rows)}`;

  test.each(['a.csv', 'a.csv.gz'])('%s: what does not fit is refused before it is read', async (name) => {
    const file = await fileWith(text, name);
    const seen: number[] = [];
    const reading = readTable(file, { memory: 1_000_000, progress: (read) => seen.push(read) });
    const message = await dataError(reading);
    const needed = Number(/which need ([\d,]+) bytes/.exec(message)![1]!.replaceAll(',', ''));
    expect(needed).toBeGreaterThan(0.5 * rows * 16);
    expect(needed).toBeLessThan(2 * rows * 16);
    expect(message).toContain(
      `${file}: expected a table that fits into 976.6 KiB of free memory, got about `,
    );
    expect(seen).toEqual([]);
  });

  test('words count, too', async () => {
    const words = Array.from({ length: 50_000 }, (_, i) => `word ${i}`).join('\n');
    const message = await complaintOf(`a\n${words}\n`, { memory: 3_000_000 });
    expect(message).toMatch(/^a\.csv:\d+: expected a table that fits into 2\.9 MiB of free memory, got 3,/);
  });
});

describe('handing over', () => {
  const rows = 100_000;
  const text = `id,x,w\n${Array.from({ length: rows }, (_, i) => `${i},${i / 2},w${i % 7}`).join('\n')}\n`;

  test('parts of rows and columns in any order, row-major in shared memory', async () => {
    const table = await tableOf(text);
    const order = Uint32Array.from({ length: rows }, (_, i) => (i * 7919) % rows);
    const [shuffled, all] = [{ columns: [2, 0], rows: order }, { columns: [1] }];
    const copies = [table.copy(shuffled), table.copy(all)];
    const column = table.column(0);
    expect(column.every((value, i) => value === i)).toBe(true);
    const parts = await table.handOver([shuffled, all, { columns: [0], rows: Uint32Array.of() }]);
    expect(parts.map((part) => part.length)).toEqual([2 * rows, rows, 0]);
    expect(order.every((row, i) => parts[0]![2 * i] === row % 7 && parts[0]![2 * i + 1] === row)).toBe(true);
    expect(parts[1]!.every((value, i) => value === i / 2)).toBe(true);
    expect(parts.every(({ buffer }) => buffer instanceof SharedArrayBuffer)).toBe(true);
    for (const [i, copy] of copies.entries())
      expect(Buffer.compare(Buffer.from(copy.buffer), Buffer.from(parts[i]!.buffer))).toBe(0);
  });

  test('the table is empty afterwards', async () => {
    const table = await tableOf(text);
    await table.handOver([]);
    expect([table.count, table.column(0).length]).toEqual([0, 0]);
    expect(() => table.cell(0, 0)).toThrow('table: expected a cell of 0 rows');
  });

  test('cells that are not there', async () => {
    const table = await tableOf('a,b\n1,2\n3,4\n');
    for (const part of [{ columns: [2] }, { columns: [-1] }, { columns: [0], rows: Uint32Array.of(0, 2) }]) {
      expect(() => table.copy(part)).toThrow(RangeError);
      await expect(table.handOver([part])).rejects.toThrow(RangeError);
    }
  });
});

test('progress counts bytes of the file, compressed or not', async () => {
  const text = `a,b\n${Array.from({ length: 300_000 }, (_, i) => `${i},${(i * 7919) % 1000}`).join('\n')}\n`;
  for (const name of ['a.csv', 'a.csv.gz']) {
    const seen: [number, number][] = [];
    const file = await fileWith(text, name);
    await readTable(file, { progress: (read, total) => seen.push([read, total]) });
    const stored = name.endsWith('.gz') ? gzipSync(text).length : text.length;
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.every(([, total]) => total === stored)).toBe(true);
    expect(seen.every(([read], i) => i === 0 || read >= seen[i - 1]![0])).toBe(true);
    expect(seen[0]![0]).toBeLessThan(stored);
    expect(seen.at(-1)![0]).toBe(stored);
  }
});
