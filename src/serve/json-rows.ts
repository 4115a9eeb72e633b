/**
 * Rows in JSON: `{ "rows": [...] }`, or the array alone. A row of a table is an array of its cells in the
 * order of the columns, or an object of cells by name; a row of pixels is an array of them, flat or as lines
 * of pixels. A cell is a number, a text, true or false, or null, which means that it is missing. A text means
 * what it means in a CSV file: "1.5" is a number, "NA" is missing.
 */
import type { Column, Features } from '../data/dataset.ts';
import { columnsOf } from '../data/dataset.ts';
import { missingWords } from '../data/formats/table.ts';
import { Refusal } from '../http/refusal.ts';
import { allocateShared } from '../platform/shared-memory.ts';
import { type GivenRows, type RowRules, refuseMany } from './given-rows.ts';
import { cellReader } from './json-cells.ts';
import { rowsIn } from './json-text.ts';
import type { ServeLimits } from './limits.ts';
import { pixelsInto } from './pixel-rows.ts';
import { placesIn } from './row-places.ts';

/** @throws Refusal with the place of what is wrong: `rows[3].price` */
export function jsonRows(body: Uint8Array, rules: RowRules, limits: ServeLimits): GivenRows {
  const rows = rowsIn(body, limits);
  refuseMany(rows.length, limits);
  const { features } = rules.signature;
  return features.kind === 'bytes' ? pixelRows(rows, features) : tableRows(rows, features, rules);
}

function pixelRows(rows: readonly unknown[], features: Features & { kind: 'bytes' }): GivenRows {
  const width = columnsOf(features);
  const bytes = new Uint8Array(allocateShared(rows.length * width));
  for (const [r, row] of rows.entries()) {
    pixelsInto(bytes.subarray(r * width, (r + 1) * width), row, features, `rows[${r}]`);
  }
  return { count: rows.length, features: bytes, notes: [], like: features };
}

function tableRows(
  rows: readonly unknown[],
  features: Features & { kind: 'floats' },
  { format, signature }: RowRules,
): GivenRows {
  const { columns } = features;
  const width = columns.length;
  const cells = new Float64Array(allocateShared(8 * rows.length * width));
  const readers = columns.map((column) => cellReader(column, missingWords));
  const mayLack = (format.missing ?? 'refuse') !== 'refuse';
  const places = placesIn(columns.map(({ name }) => name));
  for (const [r, row] of rows.entries()) {
    const where = `rows[${r}]`;
    const given = Array.isArray(row) ? checkedLength(row, columns, where) : places.cells(row, where);
    for (let c = 0; c < width; c++) {
      const { name } = columns[c]!;
      const value = readers[c]!.read(given[c], () => placeOf(where, row, c, name));
      if (Number.isNaN(value) && !mayLack) throw lacking(placeOf(where, row, c, name));
      cells[r * width + c] = value;
    }
  }
  const own = columns.map((column, c): Column => readers[c]!.column(column));
  const notes = places.notes(signature);
  return { count: rows.length, features: cells, notes, like: { ...features, columns: own } };
}

const placeOf = (where: string, row: unknown, c: number, name: string) =>
  Array.isArray(row) ? `${where}[${c}] (${name})` : `${where}.${name}`;

function checkedLength(row: readonly unknown[], columns: readonly Column[], where: string) {
  if (row.length === columns.length) return row;
  const names = columns.slice(0, mostNamed).map(({ name }) => name);
  const more = columns.length > names.length ? ', ...' : '';
  throw new Refusal(422, {
    where,
    expected: `${columns.length} cells: ${names.join(', ')}${more}`,
    got: String(row.length),
  });
}

/** Columns that a message names. */
const mostNamed = 8;

function lacking(where: string): Refusal {
  return new Refusal(422, {
    where,
    expected: 'a value, as in every row of the training',
    got: 'none',
    hint: 'fill it in, or train with `data.missing: mean`',
  });
}
