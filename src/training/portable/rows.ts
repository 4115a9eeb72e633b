/** Rows as an app has them, turned into the rows that a trained network reads, with every cell checked. */
import { columnsOf, type Features } from '../../data/dataset.ts';
import { missingWords } from '../../data/formats/table/cells.ts';
import { byteOf } from '../../data/white.ts';
import { shown, wrongKind, wrongValue } from '../../foundation/check.ts';
import type { Rows } from '../trained-model.ts';

/** What was given, and whether it was one row, and no list of rows. */
export interface GivenRows {
  rows: Rows;
  single: boolean;
}

/**
 * The reader of rows. A picture is a list of its pixels. A row of a table is an object with a field for each
 * column, or a list of cells in the order of the columns; null, undefined, NaN, and of words an empty text,
 * say that a cell is missing.
 *
 * @throws TypeError or RangeError from the reader that names the row and the cell
 */
export function rowReader(features: Features): (given: unknown) => GivenRows {
  const write = features.kind === 'bytes' ? pixelWriter(features) : cellWriter(features);
  const columns = columnsOf(features);
  return (given) => {
    const many = Array.isArray(given) && given.every((one) => typeof one === 'object' && one !== null);
    // A row whose cells are all missing is not a list of rows.
    const list: readonly unknown[] = many ? given : [given];
    const size = list.length * columns;
    const into = features.kind === 'bytes' ? new Uint8Array(size) : new Float64Array(size);
    for (const [r, row] of list.entries()) write(row, into, r * columns, many ? `rows[${r}]` : 'row');
    return { rows: { count: list.length, features: into }, single: !many };
  };
}

/** Writes a row from place `at` on. `label` is for messages. */
type Write = (row: unknown, into: Uint8Array | Float64Array, at: number, label: string) => void;

function pixelWriter(features: Features & { kind: 'bytes' }): Write {
  const [height, width, channels] = features.shape;
  const count = height * width * channels;
  const { white = 255 } = features;
  return (row, into, at, label) => {
    const pixels = listOf(row);
    if (!pixels) throw wrongKind(label, `a list of ${count} pixels`, row);
    if (pixels.length !== count) {
      const shape = [height, width, ...(channels > 1 ? [channels] : [])].join(' x ');
      throw wrongValue(label, `${count} pixels (${shape})`, pixels.length);
    }
    for (let i = 0; i < count; i++) {
      const pixel = pixels[i];
      if (typeof pixel !== 'number' || !(pixel >= 0 && pixel <= white)) {
        throw wrongValue(`${label}[${i}]`, `a pixel of 0 to ${white}`, pixel);
      }
      into[at + i] = byteOf(pixel, white);
    }
  };
}

function cellWriter({ columns }: Features & { kind: 'floats' }): Write {
  const readers = columns.map((column) => (column.kind === 'number' ? readNumber : wordReader(column.words)));
  const names = new Set(columns.map(({ name }) => name));
  return (row, into, at, label) => {
    const cells = listOf(row);
    if (!cells && (typeof row !== 'object' || row === null)) {
      throw wrongKind(label, 'an object with a field for each column, or a list of cells', row);
    }
    if (cells && cells.length !== columns.length) {
      throw wrongValue(label, `${columns.length} cells`, cells.length);
    }
    if (!cells) refuseUnknown(row as object, names, label);
    for (const [c, { name }] of columns.entries()) {
      const own = cells ? cells[c] : Object.hasOwn(row as object, name) ? (row as Cells)[name] : undefined;
      into[at + c] = readers[c]!(own, cells ? `${label}[${c}]` : `${label}[${JSON.stringify(name)}]`);
    }
  };
}

type Cells = Readonly<Record<string, unknown>>;

/** A field that no column has is a slip: the column that was meant would else count as missing. */
function refuseUnknown(row: object, names: ReadonlySet<string>, label: string): void {
  const unknown = Object.keys(row).find((name) => !names.has(name));
  if (unknown === undefined) return;
  const some = [...names].slice(0, 8).join(', ');
  throw new RangeError(
    `${label}: expected the columns ${some}${names.size > 8 ? ', ...' : ''}, got ${shown(unknown)}`,
  );
}

function readNumber(cell: unknown, label: string): number {
  if (cell === null || cell === undefined) return Number.NaN;
  if (typeof cell !== 'number') throw wrongKind(label, 'a number, or null if it is missing', cell);
  if (cell === Number.POSITIVE_INFINITY || cell === Number.NEGATIVE_INFINITY) {
    throw wrongValue(label, 'a finite number', cell);
  }
  return cell;
}

/** A word becomes its index, or the number of words if it is not listed. */
function wordReader(words: readonly string[]): (cell: unknown, label: string) => number {
  const places = new Map(words.map((word, at) => [word, at]));
  const none = new Set(['', ...missingWords]);
  return (cell, label) => {
    if (cell === null || cell === undefined) return Number.NaN;
    if (typeof cell !== 'string') throw wrongKind(label, 'a word, or null if it is missing', cell);
    return places.get(cell) ?? (none.has(cell) ? Number.NaN : words.length);
  };
}

function listOf(row: unknown): ArrayLike<unknown> | undefined {
  if (Array.isArray(row)) return row;
  return ArrayBuffer.isView(row) && 'length' in row ? (row as unknown as ArrayLike<unknown>) : undefined;
}
