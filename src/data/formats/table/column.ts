/** A column while it is read: what its cells turn into, and what is known of them so far. */
import { LockstepError } from '../../../foundation/errors.ts';
import type { Budget } from './budget.ts';
import { formReader, isLongNumber, looksLikeNumber, type NumberForm } from './number-form.ts';
import type { Places, TableColumn } from './types.ts';

/** Words of which one should be a number, if many are. */
const fewWords = 100;

/** Bytes that a word takes beside its letters, about. */
const wordBytes = 100;

/** What all columns of a table have in common. */
export interface ColumnRules {
  file: string;
  budget: Budget;
  /** Reads a number in the decimal mark of the table. */
  number: (text: string) => number;
  decimal: '.' | ',';
  missing: ReadonlySet<string>;
  /** The same, but for the empty cell. */
  missingWords: readonly string[];
}

export class ColumnReader {
  readonly name: string;
  readonly named: boolean;
  kind: 'number' | 'word';
  /** Whether this kind was said, and not found. */
  readonly #known: boolean;
  readonly #rules: ColumnRules;
  readonly #words = new Map<string, number>();
  /** Cells of each word. */
  readonly #counts: number[] = [];
  readonly #missing: Places = { count: 0, line: 0 };
  readonly #infinite: Places = { count: 0, line: 0 };
  #numbers = 0;
  #firstWord: TableColumn['firstWord'];
  #firstStrange: TableColumn['firstStrange'];
  #long: string | undefined;
  #odd: string | undefined;
  #written: TableColumn['written'];
  readonly #form: NumberForm | undefined;
  readonly #number: (text: string) => number;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(
    name: { text: string; named: boolean },
    { kind, form }: { kind: 'number' | 'word'; form?: NumberForm | undefined },
    rules: ColumnRules,
    known?: { words?: readonly string[] },
  ) {
    this.name = name.text;
    this.named = name.named;
    this.kind = kind;
    this.#rules = rules;
    this.#form = form;
    this.#number = form ? this.#formed(formReader(form)) : rules.number;
    this.#known = known !== undefined;
    for (const word of known?.words ?? []) {
      this.#words.set(word, this.#words.size);
      this.#counts.push(0);
    }
  }

  /** What is kept of a cell: its number, the index of its word, or NaN if it is missing. */
  read(text: string, line: number): number {
    if (this.kind === 'word') return this.#readWord(text, line);
    const value = this.#number(text);
    if (Number.isNaN(value)) return this.#readOther(text, line);
    this.#numbers++;
    if (!Number.isFinite(value)) see(this.#infinite, line);
    else {
      if (value < this.#min) this.#min = value;
      if (value > this.#max) {
        if (value > Number.MAX_SAFE_INTEGER && !this.#known && isLongNumber(text)) this.kind = 'word';
        this.#max = value;
      }
    }
    return value;
  }

  /** The form of the numbers, if it is not the plain one. */
  get form(): NumberForm | undefined {
    return this.#form;
  }

  /** The cell that made a column of plain numbers one of words. */
  get odd(): string | undefined {
    return this.#odd;
  }

  /** Reads cells of a form, and keeps the first that is no plain number. */
  #formed(read: (text: string) => number): (text: string) => number {
    const { number, missing } = this.#rules;
    return (text) => {
      if (missing.has(text.trim())) return Number.NaN;
      const value = read(text);
      if (!this.#written && !Number.isNaN(value) && number(text) !== value)
        this.#written = { text: text.trim(), value };
      return value;
    };
  }

  /** A cell of a column of numbers that holds none: it is missing, or the column is one of words. */
  #readOther(text: string, line: number): number {
    const word = text.trim();
    if (this.#rules.missing.has(word)) see(this.#missing, line);
    else if (this.#known) throw this.#noNumber(word, line);
    else {
      this.kind = 'word';
      this.#odd = word;
    }
    return Number.NaN;
  }

  #readWord(text: string, line: number): number {
    const word = text.trim();
    const index = this.#words.get(word);
    if (index !== undefined) {
      this.#counts[index]!++;
      return index;
    }
    if (!this.#rules.missing.has(word)) return this.#addWord(word, line);
    see(this.#missing, line);
    return Number.NaN;
  }

  #addWord(word: string, line: number): number {
    this.#rules.budget.take(2 * word.length + wordBytes, line);
    if (Number.isNaN(this.#rules.number(word))) {
      this.#firstWord ??= { line, text: word };
      if (!this.#firstStrange && !looksLikeNumber(word)) this.#firstStrange = { line, text: word };
    } else if (this.#long === undefined && isLongNumber(word)) this.#long = word;
    const index = this.#words.size;
    this.#words.set(ownText(word), index);
    this.#counts.push(1);
    return index;
  }

  #noNumber(word: string, line: number): LockstepError {
    const where = `${this.#rules.file}:${line}`;
    const form = this.#form ? ` written as ${JSON.stringify(sampleOf(this.#form))}` : '';
    const expected = `a number${form} in column ${JSON.stringify(this.name)}, as in the training data`;
    return new LockstepError('data', { where, expected, got: JSON.stringify(word.slice(0, 40)) });
  }

  /** The column as it is when all rows have been read. */
  finish(): TableColumn {
    const words = [...this.#words.keys()];
    const isNumber = (index: number) => !Number.isNaN(this.#rules.number(words[index]!));
    const numbers = this.#counts.reduce(
      (sum, count, index) => sum + (isNumber(index) ? count : 0),
      this.#numbers,
    );
    // Most columns of words have hardly a number, so that few cells tell it.
    const few = words.length > fewWords && !words.slice(0, fewWords).some(looksLikeNumber);
    const likeNumbers = few
      ? 0
      : this.#counts.reduce(
          (sum, count, i) => sum + (looksLikeNumber(words[i]!) && !isLongNumber(words[i]!) ? count : 0),
          this.#numbers,
        );
    const empty = this.#min > this.#max;
    return {
      name: this.name,
      named: this.named,
      kind: this.kind,
      words,
      missing: this.#missing,
      infinite: this.#infinite,
      numbers,
      firstWord: this.#firstWord,
      likeNumbers,
      firstStrange: this.#firstStrange,
      long: this.#long,
      form: this.#form,
      written: this.#written,
      min: empty ? Number.NaN : this.#min,
      max: empty ? Number.NaN : this.#max,
    };
  }
}

/** How a number of this form looks. */
function sampleOf({ decimal, group, unit }: NumberForm): string {
  return `1${group}234${decimal}5${unit}`;
}

function see(places: Places, line: number): void {
  if (places.count++ === 0) places.line = line;
}

/** A copy of a text. Engines keep a part of a text as a view, which would keep the whole chunk in memory. */
function ownText(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

/** Whether a column holds words, as far as these of its cells tell. */
export function holdsWords(cells: Iterable<string>, { number, missing }: ColumnRules): boolean {
  for (const cell of cells) {
    const value = number(cell);
    if (
      Number.isNaN(value) ? !missing.has(cell.trim()) : value > Number.MAX_SAFE_INTEGER && isLongNumber(cell)
    )
      return true;
  }
  return false;
}

/** Names of columns: those of the header, or `column 1`, `column 2`, ... */
export function namesOf(file: string, header: string[] | undefined, columns: number, line: number) {
  const names = Array.from({ length: columns }, (_, i) => {
    const text = header?.[i]?.trim() ?? '';
    return text === '' ? { text: `column ${i + 1}`, named: false } : { text: ownText(text), named: true };
  });
  const seen = new Map<string, number>();
  for (const [i, { text }] of names.entries()) {
    const before = seen.get(text);
    if (before === undefined) seen.set(text, i);
    else {
      throw new LockstepError('data', {
        where: `${file}:${line}`,
        expected: 'columns with different names',
        got: `${JSON.stringify(text)} for columns ${before + 1} and ${i + 1}`,
      });
    }
  }
  return names;
}
