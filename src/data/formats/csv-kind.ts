/** Tells pictures in a CSV file from a table, by its first lines. */
import { LockstepError } from '../../foundation/errors.ts';
import { kindOf } from '../../platform/files.ts';
import { openBytes, readable } from '../byte-source.ts';
import { delimited } from './delimited.ts';
import { foreignFile } from './foreign.ts';
import { missingWords } from './table/cells.ts';
import { findDecimal, findDelimiter, findHeader } from './table/form.ts';
import { rowsOf } from './table/rows.ts';
import { textOf } from './table/text.ts';
import { tableFormatOf } from './table-formats.ts';

/** Bytes that are looked at. */
const chunkBytes = 1_048_576;

/** What the first lines of a file look like. */
export interface CsvLook {
  delimiter: string;
  /** The names of the columns; undefined if the first line has none. */
  header: readonly string[] | undefined;
  /** The first lines are whole numbers from 0 to 255, separated by commas; a counting column aside. */
  bytes: boolean;
  /** There is no header, and the first column counts the rows, as an index does. */
  counted: boolean;
}

/** `pixel0`, `px12`, `1x1`, `pixel_0_0` */
const pixelName = /^(?:(?:pixel|px)[ _-]?\d+(?:[_x]\d+)?|\d+x\d+)$/i;
/** Columns beside the pixels: a label, an id. */
const mostOthers = 3;
/** The fewest columns of pixels. */
const fewestPixels = 4;

/** Looks at the first lines of a text file, raw or compressed. */
export async function lookAtCsv(file: string, header?: boolean): Promise<CsvLook> {
  await checkFile(file);
  const source = await openBytes(file);
  try {
    const chunk = new Uint8Array(chunkBytes);
    const start = chunk.subarray(0, await source.read(chunk));
    // Another format names its columns.
    if (tableFormatOf(start, file) !== delimited)
      return { delimiter: '', header: [], bytes: false, counted: false };
    const foreign = foreignFile(start, file);
    if (foreign) throw new LockstepError('data', `${file}: ${foreign}`);
    const stretches = textOf(source, start);
    const first = (await stretches.next()).value;
    const text = first?.text ?? '';
    const delimiter = findDelimiter(text, first?.last ?? true);
    const cells = await firstRows(file, text, delimiter);
    if (cells.length === 0)
      throw new LockstepError('data', { where: file, expected: 'rows of cells', got: 'an empty file' });
    const missing = new Set(['', ...missingWords]);
    const named =
      header ?? findHeader(cells, findDecimal(cells, delimiter), (cell) => missing.has(cell.trim()));
    const rows = named ? cells.slice(1) : cells;
    const counted = !named && countsOn(rows);
    return {
      delimiter,
      counted,
      header: named ? cells[0]!.map((name) => name.trim()) : undefined,
      bytes:
        delimiter === ',' &&
        rows.length > 0 &&
        rows.every((row) => (counted ? row.slice(1) : row).every(isByte)),
    };
  } finally {
    await source.close();
  }
}

async function checkFile(file: string): Promise<void> {
  const found = await kindOf(file).catch((error: unknown) => {
    throw readable(error, file);
  });
  if (found === 'file') return;
  throw new LockstepError('data', {
    where: file,
    expected: 'a data file',
    got: found === 'folder' ? 'a folder' : found ? 'no ordinary file' : 'nothing of that name',
  });
}

/** The rows of a text that is cut off somewhere. */
async function firstRows(file: string, text: string, delimiter: string): Promise<string[][]> {
  async function* once() {
    yield { text, line: 1, last: false };
  }
  for await (const { cells } of rowsOf(file, once(), delimiter)) if (cells.length > 0) return cells;
  // A single line without an end.
  async function* whole() {
    yield { text, line: 1, last: true };
  }
  for await (const { cells } of rowsOf(file, whole(), delimiter)) return cells;
  return [];
}

/** Whether the first of several cells is 0, 1, 2, ... or 1, 2, 3, ... in enough rows. */
function countsOn(rows: string[][]): boolean {
  const [first] = rows;
  if (rows.length < fewestCounted || first!.length < 3) return false;
  const start = Number(first![0]);
  return (start === 0 || start === 1) && rows.every(([cell], row) => cell!.trim() === String(start + row));
}

/** In fewer rows, labels may count on by chance. */
export const fewestCounted = 20;

const isByte = (cell: string) => /^\s*\+?\d{1,3}\s*$/.test(cell) && Number(cell) <= 255;

/** Whether the columns of a header are pixels, but for a few. */
export function namesPixels(header: readonly string[]): boolean {
  const pixels = header.filter((name) => pixelName.test(name)).length;
  return pixels >= fewestPixels && header.length - pixels <= mostOthers;
}

export function isPixelName(name: string): boolean {
  return pixelName.test(name);
}
