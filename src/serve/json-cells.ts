/** Cells of rows in JSON: what they mean in a column of a table. */
import type { Column } from '../data/dataset.ts';
import { numberReader } from '../data/formats/table/cells.ts';
import { formReader } from '../data/formats/table/number-form.ts';
import { Refusal } from '../http/refusal.ts';

export interface CellReader {
  /**
   * A number, the index of a word, or NaN if the cell is missing.
   *
   * @param where tells the place, if it is asked for
   */
  read(cell: unknown, where: () => string): number;
  /** The column with the words that were read besides its own. */
  column(own: Column): Column;
}

/** @param missing words that mean that there is no value */
export function cellReader(column: Column, missing: readonly string[]): CellReader {
  const none = new Set(['', ...missing]);
  return column.kind === 'number' ? numbers(column, none) : words(column, none);
}

function numbers(column: Column & { kind: 'number' }, none: ReadonlySet<string>): CellReader {
  const read = column.form ? formReader(column.form) : numberReader('.');
  return {
    read(cell, where) {
      const value = typeof cell === 'number' ? cell : typeof cell === 'string' ? read(cell) : Number.NaN;
      if (Number.isFinite(value)) return value;
      if (cell === null || (typeof cell === 'string' && none.has(cell.trim()))) return Number.NaN;
      throw wrong(where(), 'a finite number', cell);
    },
    column: (own) => own,
  };
}

function words(column: Column & { kind: 'category' }, none: ReadonlySet<string>): CellReader {
  const known = new Map(column.words.map((word, at) => [word, at]));
  return {
    read(cell, where) {
      if (cell === null) return Number.NaN;
      if (typeof cell === 'object' || cell === undefined) throw wrong(where(), 'a word', cell);
      const word = String(cell).trim();
      const at = known.get(word);
      if (at !== undefined) return at;
      if (none.has(word)) return Number.NaN;
      known.set(word, known.size);
      return known.size - 1;
    },
    column: (own) => ({ ...own, words: [...known.keys()] }) as Column,
  };
}

function wrong(where: string, expected: string, cell: unknown): Refusal {
  const text = Array.isArray(cell) ? 'an array' : (JSON.stringify(cell) ?? 'nothing');
  return new Refusal(422, { where, expected, got: text.length > 40 ? `${text.slice(0, 37)}...` : text });
}
