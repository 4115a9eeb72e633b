/** A table while it is read: its form is found in the first rows, and each row is checked and kept. */
import { LockstepError } from '../../../foundation/errors.ts';
import { limits } from '../../../foundation/limits.ts';
import { Budget } from './budget.ts';
import { missingWords, numberReader } from './cells.ts';
import { ColumnReader, type ColumnRules, holdsWords, namesOf } from './column.ts';
import { delimiterName, findDecimal, findHeader } from './form.ts';
import { type ColumnForm, FormFinder } from './forms-of-columns.ts';
import { Lines } from './lines.ts';
import { placeOfName } from './names.ts';
import { Pieces } from './pieces.ts';
import type { Rows } from './rows.ts';
import type { KnownColumn, Table, TableOptions } from './types.ts';

export type GrowthOptions = TableOptions & { memory: number };
/** What is known of the columns from a reading before. */
export type Kinds = readonly ColumnForm[];

export class GrowingTable {
  readonly #file: string;
  readonly #delimiter: string;
  readonly #decimal: '.' | ',';
  readonly #header: boolean;
  readonly #columns: ColumnReader[];
  readonly #forms: FormFinder;
  /** The header as it is in the file. */
  readonly #names: readonly string[] | undefined;
  /** Rows end in a delimiter, and the header does not. */
  readonly #ends: boolean;
  readonly #budget: Budget;
  readonly #pieces: Pieces;
  readonly #lines = new Lines();
  /** Rows of the file that are still to be passed over: the header. */
  #skip: number;
  #count = 0;
  #late = false;

  /** Finds the form of the table in its first rows, at least one; `kinds` are known from a reading before. */
  constructor(file: string, delimiter: string, first: Rows, options: GrowthOptions, kinds: Kinds) {
    const { decimal, missing = missingWords, known = [], memory } = options;
    const { cells } = first;
    this.#file = file;
    this.#delimiter = delimiter;
    this.#budget = new Budget(file, memory);
    const base = decimal ?? findDecimal(cells, delimiter);
    let rules: ColumnRules = {
      file,
      budget: this.#budget,
      number: numberReader(base, missing),
      decimal: base,
      missing: new Set(['', ...missing]),
      missingWords: missing,
    };
    this.#header = options.header ?? findHeader(cells, base, (cell) => rules.missing.has(cell.trim()));
    this.#skip = this.#header ? 1 : 0;
    const width = cells[this.#skip]?.length ?? cells[0]!.length;
    if (width > limits.tableColumns)
      throw this.#wrong(first.line(0), `at most ${limits.tableColumns} columns`, `${width}`);
    const header = this.#header ? withIndex(cells, width, rules) : undefined;
    if (header && header.length !== width) {
      const hint = 'lines above the names must go, and a cell that holds the delimiter must be in quotes';
      throw this.#wrong(
        first.line(1),
        `${cellCount(header.length)}, as many as there are names`,
        `${width}`,
        hint,
      );
    }
    const names = namesOf(file, header, width, first.line(0));
    const columns = names.map((_, i) => ({ [Symbol.iterator]: () => below(cells, this.#skip, i) }));
    this.#forms = new FormFinder(columns, rules, { decimal: base, delimiter, given: decimal });
    this.#decimal = this.#forms.decimal;
    if (this.#decimal !== base)
      rules = { ...rules, decimal: this.#decimal, number: numberReader(this.#decimal, missing) };
    const told = this.#header ? byName(known, names) : known.map((one) => [one.place, one] as const);
    const byPlace = new Map(told);
    this.#columns = names.map((name, i) => {
      const one = byPlace.get(i);
      return new ColumnReader(name, kinds[i] ?? this.#forms.of(i, one), rules, one);
    });
    this.#names = header;
    this.#ends = header?.at(-1) === '' && cells[0]!.length < width;
    this.#pieces = new Pieces(width, this.#budget);
  }

  get count(): number {
    return this.#count;
  }

  /** Whether a word came in a column of numbers. Then the table must be read again, with these kinds. */
  get late(): boolean {
    return this.#late;
  }

  get kinds(): Kinds {
    return this.#columns.map(({ kind, form, odd }) => {
      if (kind === 'number') return { kind, form };
      const other = form || odd === undefined ? undefined : this.#forms.later(odd);
      return other ? { kind: 'number', form: other } : { kind };
    });
  }

  /** Refuses a table that does not fit, if `first` takes this share of the file. */
  expect(first: Rows, share: number): void {
    this.#budget.expect(Math.floor((first.cells.length - this.#skip) / share), this.#columns.length);
  }

  add({ cells, line }: Rows): void {
    for (let i = this.#skip; i < cells.length; i++) this.#addRow(cells[i]!, line(i));
    this.#skip = 0;
  }

  #addRow(row: string[], line: number): void {
    const columns = this.#columns;
    if (row.length !== columns.length || (this.#ends && row.at(-1)!.trim() !== ''))
      throw this.#ragged(row.length, line);
    if (this.#names && row[0] === this.#names[0] && row.every((cell, i) => cell === this.#names![i]))
      throw this.#wrong(line, 'a row', 'the names of the header again', 'remove this line');
    this.#lines.add(this.#count++, line);
    if (this.#late) {
      this.#lookForWords(row, line);
      return;
    }
    const { cells, at } = this.#pieces.add(line);
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const { kind } = column;
      cells[at + i] = column.read(row[i]!, line);
      if (kind !== column.kind) this.#late = true;
    }
    // They will be read again. Until then their memory is free.
    if (this.#late) this.#pieces.clear();
  }

  /** All that is still to be known is which other columns hold words. */
  #lookForWords(row: string[], line: number): void {
    for (const [i, column] of this.#columns.entries()) {
      if (column.kind === 'number') column.read(row[i]!, line);
    }
  }

  #ragged(cells: number, line: number): LockstepError {
    const separator = delimiterName(this.#delimiter);
    const hint = `cells are separated by ${separator}; one that holds ${separator} must be in quotes`;
    return this.#wrong(
      line,
      this.#ends
        ? `${cellCount(this.#columns.length - 1)}, as many as there are names`
        : `${cellCount(this.#columns.length)}, as in the first row`,
      cellCount(cells),
      hint,
    );
  }

  #wrong(line: number, expected: string, got: string, hint?: string): LockstepError {
    return new LockstepError('data', {
      where: `${this.#file}:${line}`,
      expected,
      got,
      ...(hint && { hint }),
    });
  }

  finish(): Table {
    const commas =
      this.#decimal === ',' ? { decimal: ',' as const, group: '' as const, unit: '' } : undefined;
    const columns = this.#columns.map((column) => {
      const finished = column.finish();
      return commas && finished.kind === 'number' ? { ...finished, form: finished.form ?? commas } : finished;
    });
    const last = columns.at(-1)!;
    if (columns.length > 1 && !last.named && last.missing.count === this.count) columns.pop();
    const pieces = this.#pieces;
    const lines = this.#lines;
    return {
      file: this.#file,
      delimiter: this.#delimiter,
      decimal: this.#decimal,
      header: this.#header,
      columns,
      get count() {
        return pieces.count;
      },
      line: (row) => lines.of(row),
      cell: (row, column) => pieces.cell(row, column),
      column: (index) => pieces.column(index),
      copy: (part) => pieces.copy(part),
      handOver: (parts) => pieces.handOver(parts),
    };
  }
}

/** Known columns by their places in this file. */
function byName(
  known: readonly KnownColumn[],
  names: readonly { text: string }[],
): (readonly [number | undefined, KnownColumn])[] {
  const texts = names.map(({ text }) => text);
  return known.map((one) => [placeOfName(texts, one.name), one] as const);
}

function cellCount(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`;
}

/**
 * The names of a header. R leaves the name of its row names away, so that there is one name less. A title
 * above the header looks the same, but then there are names where numbers should be.
 */
function withIndex([names, ...rows]: string[][], width: number, rules: ColumnRules): string[] {
  if (names!.length !== width - 1) return names!;
  // Rows that end in a delimiter have one cell more, too: the last.
  const ends = [...below(rows, 0, width - 1)].filter((cell) => cell.trim() === '');
  if (ends.length > 0 && 2 * ends.length >= rows.length) return [...names!, ''];
  const index = [...below(rows, 0, 0)].map((cell) => cell.trim());
  if (index.includes('') || new Set(index).size < index.length) return names!;
  const columns = Array.from({ length: width - 1 }, (_, i) => below(rows, 0, i + 1));
  return columns.every((cells) => holdsWords(cells, rules)) ? names! : ['', ...names!];
}

function* below(rows: string[][], first: number, column: number): Generator<string> {
  for (let row = first; row < rows.length; row++) yield rows[row]![column] ?? '';
}
