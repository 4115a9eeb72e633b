/**
 * A table of a file: rows of numbers and words.
 *
 * Its cells lie in pieces of some rows. Who needs them copies what is wanted into shared memory; `handOver`
 * frees each piece as soon as it is copied, so that no more than one table is in memory.
 *
 * The kinds of the columns are found in the first rows. If a word comes later in a column of numbers, the
 * file is read a second time, because words need what was written, 01 and not 1.
 */
import { wrongValue } from '../../foundation/check.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { kindOf } from '../../platform/files.ts';
import { didYouMean } from '../../platform/meant-path.ts';
import { freeMemory } from '../../platform/memory.ts';
import { type ByteSource, bytesInMemory, openText, readable } from '../byte-source.ts';
import { GrowingTable, type GrowthOptions, type Kinds } from './table/growing.ts';
import { firstBytes } from './table/text.ts';
import type { FileRows, Table, TableOptions } from './table/types.ts';
import { tableFormatOf } from './table-formats.ts';

export { missingWords } from './table/cells.ts';
export { delimiterName } from './table/form.ts';
export { nameKey, placeOfName } from './table/names.ts';
export type { NumberForm } from './table/number-form.ts';
export type { KnownColumn, Places, Table, TableColumn, TableOptions, TablePart } from './table/types.ts';

/**
 * Reads a table from a text file, raw or compressed with gzip: UTF-8, with the cells separated by commas,
 * semicolons, tabs, bars or spaces, and with a header or without. Empty lines are passed over. A last column
 * without a name and without a value is left out: its lines end in a delimiter.
 *
 * A cell is missing if it is empty or one of `missingWords`: NA, N/A, n/a, #N/A, <NA>, NaN, nan, null, NULL,
 * None, ?, - and the like, in quotes or not. A number may have an exponent. What
 * people write (1,234.50 or 45 %) is read if all cells of a column are written alike: see number-form.ts.
 *
 * @throws LockstepError `data` with file and line if there is one
 */
export async function readTable(file: string, options: TableOptions = {}): Promise<Table> {
  checkOptions(options);
  if (!options.contents) await checkFile(file);
  const growth = { ...options, memory: options.memory ?? freeMemory() };
  const first = await readOnce(file, growth, []);
  if (!first.late) return first.finish();
  const { progress } = options;
  const later = progress && ((read: number, total: number) => progress(total + read, 2 * total));
  // Twice more, if numbers turn out to be written in another form, and then to be words after all.
  let kinds = first.kinds;
  for (let reading = 0; reading < 2; reading++) {
    const again = await readOnce(file, { ...growth, ...(later && { progress: later }) }, kinds);
    if (!again.late) return again.finish();
    kinds = again.kinds;
  }
  throw nothing(file, 'a file that stays as it is while it is read', 'other columns the second time');
}

function checkOptions({ delimiter, decimal }: TableOptions): void {
  if (delimiter !== undefined && !/^[^"\r\n\ufeff]$/.test(delimiter)) {
    throw wrongValue('delimiter', 'one character, and neither a quote nor an end of line', delimiter);
  }
  if (decimal !== undefined && decimal === delimiter) {
    throw wrongValue('decimal', 'another character than the delimiter', decimal);
  }
}

async function checkFile(file: string): Promise<void> {
  const found = await kindOf(file).catch((error: unknown) => {
    throw readable(error, file);
  });
  if (found === 'file') return;
  const got = found === 'folder' ? 'a folder' : found ? 'no ordinary file' : 'nothing of that name';
  throw new LockstepError('data', {
    where: file,
    expected: 'a file with a table',
    got,
    ...(found ? {} : didYouMean(file)),
  });
}

/** Reads the file once, with the kinds of the columns as far as they are known. */
async function readOnce(file: string, options: GrowthOptions, kinds: Kinds): Promise<GrowingTable> {
  const { contents } = options;
  const source = contents ? bytesInMemory(contents, file) : await openText(file);
  try {
    const chunk = new Uint8Array(contents ? Math.min(contents.length + 1, firstBytes) : firstBytes);
    const start = chunk.subarray(0, await source.read(chunk));
    const rows = await tableFormatOf(start, file).open(source, start, options);
    return await grow(source, rows, options, kinds);
  } finally {
    await source.close();
  }
}

async function grow(
  source: ByteSource,
  { delimiter, header, rows: all }: FileRows,
  options: GrowthOptions,
  kinds: Kinds,
): Promise<GrowingTable> {
  const { file, storedBytes } = source;
  const told = options.header ?? header;
  const form = told === undefined ? options : { ...options, header: told };
  let table: GrowingTable | undefined;
  for await (const rows of all) {
    if (!table && rows.cells.length > 0) {
      table = new GrowingTable(file, delimiter, rows, form, kinds);
      table.expect(rows, source.storedRead() / storedBytes);
    }
    table?.add(rows);
    options.progress?.(source.storedRead(), storedBytes);
  }
  if (!table) throw nothing(file, 'rows of cells', 'an empty file');
  if (table.count === 0) throw nothing(file, 'rows after the header', 'none');
  return table;
}

function nothing(file: string, expected: string, got: string): LockstepError {
  return new LockstepError('data', { where: file, expected, got });
}
