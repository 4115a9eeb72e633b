/**
 * Data sets in a CSV file: one sample a line, its label first and then its pixels, all integers 0-255.
 *
 * Lines are scanned by hand. Measured on MNIST's training set (60,000 x 785 cells, 110 MB, Node 20): with the
 * same checks, this scanner takes 0.4 s and Papa Parse 5.7 takes 1.7 to 2.2 s; csv-parse 7 takes 6.8 s even
 * without checks. Neither library says at which column of a line a cell begins, and our messages do.
 *
 * Letters: `count` samples, `columns` = 1 + pixels cells a line.
 */
import { LockstepError } from '../../foundation/errors.ts';
import { grouped, bytes as inWords } from '../../foundation/format.ts';
import { limits } from '../../foundation/limits.ts';
import { permutation, stream } from '../../foundation/random.ts';
import { kindOf } from '../../platform/files.ts';
import { didYouMean } from '../../platform/meant-path.ts';
import { freeMemory } from '../../platform/memory.ts';
import { basename } from '../../platform/paths.ts';
import { openText, readable } from '../byte-source.ts';
import { allocateImages, type Dataset, greyPictures, type Samples } from '../dataset.ts';

/** One sample in this many is held out if there is no file for the test set: 10,000 of 70,000. */
const heldOutOf = 7;

const chunkBytes = 1_048_576;

/** Bytes that are taken without asking whether the memory has them. */
const modest = 64_000_000;

const accepted = '--data takes a folder of IDX files, or a CSV file';

const newline = 10;
const carriageReturn = 13;
const comma = 44;
const digitZero = 48;

/** The samples read so far from a file. */
interface Table {
  file: string;
  columns: number;
  count: number;
  /** Label and pixels of each sample, then spare room. (count, columns) */
  cells: Uint8Array;
}

/**
 * Loads a CSV file (or `.csv.gz`) of images. If its first line does not begin with a number, it is a header.
 * Images are square if their number of pixels is a square, otherwise of height 1.
 *
 * Without a test file one sample in seven is held out: always the same ones, whatever the experiment's seed;
 * or none if `whole`.
 *
 * @throws LockstepError `data`, with line and column if there is one
 */
export async function loadCsv(file: string, { testFile, whole = false }: CsvOptions = {}): Promise<Dataset> {
  const table = await readTable(file);
  const [train, test] = testFile
    ? [allRows(table), allRows(await readTable(testFile, table))]
    : whole
      ? [allRows(table), pick(table, new Uint32Array(0))]
      : withHeldOut(table);
  const pixels = table.columns - 1;
  const side = Math.sqrt(pixels);
  const [height, width] = Number.isInteger(side) ? [side, side] : [1, pixels];
  return greyPictures(file, { height: height!, width: width! }, train, test);
}

export interface CsvOptions {
  testFile?: string | undefined;
  /** All samples are trained on; the test set is empty. */
  whole?: boolean;
}

/** Splits a table into training set and test set, each in the order of the file. */
function withHeldOut(table: Table): [train: Samples, test: Samples] {
  const { file, count } = table;
  if (count < 2) {
    const hint = 'without a file for the test set, one sample in seven becomes the test set';
    throw new LockstepError('data', { where: file, expected: 'at least 2 samples', got: `${count}`, hint });
  }
  const testCount = Math.max(1, Math.floor(count / heldOutOf));
  const order = permutation(count, stream('csv', 'test-split'));
  return [pick(table, order.subarray(testCount).sort()), pick(table, order.subarray(0, testCount).sort())];
}

function allRows(table: Table): Samples {
  return pick(
    table,
    new Uint32Array(table.count).map((_, row) => row),
  );
}

/** Copies rows of a table into shared memory. */
function pick({ columns, cells }: Table, rows: Uint32Array): Samples {
  const pixels = columns - 1;
  const samples = allocateImages(rows.length, pixels);
  for (const [i, row] of rows.entries()) {
    const start = row * columns;
    samples.targets[i] = cells[start]!;
    (samples.features as Uint8Array).set(cells.subarray(start + 1, start + columns), i * pixels);
  }
  return samples;
}

/** Reads and checks a whole file. If it is the test set of `train`, it must have as many columns. */
async function readTable(file: string, train?: Table): Promise<Table> {
  const table: Table = { file, columns: train?.columns ?? 0, count: 0, cells: new Uint8Array(chunkBytes) };
  let line = 0;
  let emptyLine = 0;
  await eachLine(file, (bytes, start, end) => {
    line++;
    if (start === end) {
      emptyLine ||= line;
      return;
    }
    if (emptyLine > 0) {
      const where = `${file}:${emptyLine}`;
      const hint = 'only the last lines may be empty';
      throw new LockstepError('data', { where, expected: 'a label and pixels', got: 'an empty line', hint });
    }
    if (line > 1) return addRow(table, line, bytes, start, end);
    const text = bytes.toString('utf8', start, end);
    checkFirstLine(table, text, train);
    if (!isHeader(text)) addRow(table, line, bytes, start, end);
  });
  if (table.count === 0) {
    const [expected, got] =
      line === 0 || emptyLine === 1
        ? ['lines of a label and pixels', 'an empty file']
        : ['samples after the header', 'none'];
    throw new LockstepError('data', { where: file, expected, got });
  }
  return table;
}

/** Takes the number of columns from the first line, whether it is a header or not. */
function checkFirstLine(table: Table, text: string, train?: Table): void {
  const where = `${table.file}:1`;
  // Names in a header may be quoted because they contain a comma.
  const columns = text.replaceAll(/"[^"]*"/g, '').split(',').length;
  if (columns < 2) {
    throw new LockstepError('data', {
      where,
      expected: 'a label and pixels with commas between',
      got: '1 column',
    });
  }
  if (train && columns !== train.columns) {
    const hint = `it is taken for the test set of ${basename(train.file)} and needs its columns, label first`;
    throw new LockstepError('data', { where, expected: `${train.columns} columns`, got: `${columns}`, hint });
  }
  table.columns = columns;
}

function isHeader(text: string): boolean {
  const cell = unquoted(text.split(',', 1)[0]!);
  // A label that is a number but no integer is a mistake to report, not a header.
  return cell === '' || Number.isNaN(Number(cell));
}

/** Appends the sample on one line to the table. */
function addRow(table: Table, line: number, bytes: Buffer, start: number, end: number): void {
  const { columns, count } = table;
  const at = count * columns;
  if (at + columns > table.cells.length) {
    const length = Math.max(at + columns, 2 * table.cells.length);
    // The cells move into the larger array, and later into shared memory.
    if (length > modest && length > freeMemory()) {
      throw new LockstepError('data', {
        where: `${table.file}:${line}`,
        expected: `samples that fit into ${inWords(freeMemory())} of free memory`,
        got: `${grouped(length)} bytes for them`,
      });
    }
    const grown = new Uint8Array(length);
    grown.set(table.cells);
    table.cells = grown;
  }
  const row = table.cells.subarray(at, at + columns);
  if (!scan(bytes, start, end, row))
    readCells(bytes.toString('utf8', start, end), row, `${table.file}:${line}`);
  table.count = count + 1;
}

/** Reads a line of plain numbers into `row`. Returns false if it holds anything else, or too many or few. */
function scan(bytes: Uint8Array, start: number, end: number, row: Uint8Array): boolean {
  let cell = 0;
  let cellStart = start;
  let value = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    const digit = byte - digitZero;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
    } else {
      if (byte !== comma || i === cellStart || value > 255) return false;
      // A cell beyond the end of the row is dropped here and noticed below.
      row[cell++] = value;
      value = 0;
      cellStart = i + 1;
    }
  }
  if (end === cellStart || value > 255 || cell !== row.length - 1) return false;
  row[cell] = value;
  return true;
}

/** The same, but slower: also reads quoted numbers, and says what is wrong. */
function readCells(text: string, row: Uint8Array, where: string): void {
  const cells = text.split(',');
  if (cells.length !== row.length) {
    throw new LockstepError('data', { where, expected: `${row.length} columns`, got: `${cells.length}` });
  }
  let column = 1;
  for (const [i, cell] of cells.entries()) {
    const number = unquoted(cell);
    const value = /^[+-]?\d+$/.test(number) ? Number(number) : Number.NaN;
    if (!(value >= 0 && value <= 255)) {
      throw new LockstepError('data', {
        where: `${where}:${column}`,
        expected: `an integer 0-255 for the ${i === 0 ? 'label' : 'pixel'}`,
        got: Number.isNaN(value) ? JSON.stringify(cell.slice(0, 20)) : number.slice(0, 20),
      });
    }
    row[i] = value;
    column += cell.length + 1;
  }
}

function unquoted(cell: string): string {
  return cell.length > 1 && cell.startsWith('"') && cell.endsWith('"') ? cell.slice(1, -1) : cell;
}

/** Calls `visit` for each line: `bytes` from `start` to `end`, without the end of line. */
async function eachLine(
  file: string,
  visit: (bytes: Buffer, start: number, end: number) => void,
): Promise<void> {
  let line = 0;
  const visitLine = (bytes: Buffer, start: number, end: number) => {
    const mark = line++ === 0 && bytes.toString('latin1', start, start + 3) === '\xef\xbb\xbf' ? 3 : 0;
    visit(bytes, start + mark, end > start && bytes[end - 1] === carriageReturn ? end - 1 : end);
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks(file)) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    let end = bytes.indexOf(newline, rest.length);
    while (end !== -1) {
      visitLine(bytes, start, end);
      start = end + 1;
      end = bytes.indexOf(newline, start);
    }
    rest = bytes.subarray(start);
    if (rest.length > limits.csvLine) {
      const where = `${file}:${line + 1}`;
      throw new LockstepError('data', {
        where,
        expected: `lines of at most ${limits.csvLine} bytes`,
        got: 'a longer one',
      });
    }
  }
  if (rest.length > 0) visitLine(rest, 0, rest.length);
}

/** The bytes of a file, uncompressed, a chunk at a time. */
async function* chunks(file: string): AsyncGenerator<Buffer> {
  const found = await kindOf(file).catch((error: unknown) => {
    throw readable(error, file);
  });
  if (found !== 'file') {
    throw new LockstepError('data', {
      where: file,
      expected: 'a CSV file',
      got: found === 'folder' ? 'a folder' : found ? 'no ordinary file' : 'nothing of that name',
      hint: (found ? undefined : didYouMean(file).hint) ?? accepted,
    });
  }
  const source = await openText(file);
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const filled = await source.read(chunk);
      if (filled > 0) yield chunk.subarray(0, filled);
      if (filled < chunk.length) return;
    }
  } finally {
    await source.close();
  }
}
