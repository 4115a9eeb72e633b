/** The forms of the numbers in the first rows of a table: what one column leaves open, the others tell. */
import { numberReader } from './cells.ts';
import { type ColumnRules, holdsWords } from './column.ts';
import { certainDecimal, type FoundForm, formReader, formsOf, type NumberForm } from './number-form.ts';
import type { KnownColumn } from './types.ts';

export interface ColumnForm {
  kind: 'number' | 'word';
  /** Undefined: numbers are plain, with the decimal mark of the table. */
  form?: NumberForm | undefined;
}

export class FormFinder {
  readonly decimal: '.' | ',';
  readonly #delimiter: string;
  /** The decimal mark that somebody said. */
  readonly #given: '.' | ',' | undefined;
  readonly #rules: ColumnRules;
  readonly #columns: readonly Iterable<string>[];
  /** What columns tell whose cells are not all plain numbers. */
  readonly #found = new Map<number, FoundForm | undefined>();
  #tellers: Set<'.' | ','> | undefined;

  constructor(
    columns: readonly Iterable<string>[],
    rules: ColumnRules,
    { decimal, delimiter, given }: { decimal: '.' | ','; delimiter: string; given: '.' | ',' | undefined },
  ) {
    this.#columns = columns;
    this.#rules = rules;
    this.#given = given;
    this.#delimiter = delimiter;
    for (const [i, cells] of columns.entries()) {
      if (holdsWords(cells, rules)) this.#found.set(i, this.#formsOf(cells));
    }
    // In quotes, decimal commas may stand between commas.
    const commas = [...this.#found.values()].some((found) => certainDecimal(found) === ',');
    const swapped = given === undefined && decimal === '.' && commas && this.#told() === ',';
    this.decimal = swapped ? ',' : decimal;
  }

  /** What column `i` holds, as far as its first rows tell. */
  of(i: number, known?: KnownColumn): ColumnForm {
    if (known?.kind === 'word') return { kind: 'word' };
    if (known) {
      const form = this.#knownForm(i, known.form);
      const plain = !this.#found.has(i) && this.decimal === this.#rules.decimal;
      return plain && form?.decimal === this.decimal && form.group === '' && form.unit === ''
        ? { kind: 'number' }
        : { kind: 'number', form };
    }
    if (this.decimal === this.#rules.decimal && !this.#found.has(i)) return { kind: 'number' };
    const cells = this.#columns[i]!;
    if (this.decimal !== this.#rules.decimal && !holdsWords(cells, this.#swapped()))
      return { kind: 'number' };
    const form = this.formFor(this.#found.has(i) ? this.#found.get(i) : this.#formsOf(cells));
    return form ? { kind: 'number', form } : { kind: 'word' };
  }

  /** The form of a column with these cells; undefined if there is none, or the table does not tell which. */
  formFor(found: FoundForm | undefined, usual?: '.' | ','): NumberForm | undefined {
    if (!found) return undefined;
    const { point, comma, differ } = found;
    if (!differ) return (this.decimal === ',' ? (comma ?? point) : (point ?? comma)) as NumberForm;
    // Who writes decimal commas has semicolons between cells.
    const told = this.#given ?? this.#told() ?? usual ?? (this.#delimiter === ',' ? '.' : undefined);
    return told && (told === ',' ? comma : point);
  }

  /** A form for a column of plain numbers in which this cell comes later. */
  later(cell: string): NumberForm | undefined {
    return this.formFor(formsOf([cell], () => false));
  }

  #formsOf(cells: Iterable<string>): FoundForm | undefined {
    return formsOf(cells, (cell) => this.#rules.missing.has(cell.trim()));
  }

  /** As it was in the training, unless this table tells another decimal mark. */
  #knownForm(i: number, known: NumberForm | undefined): NumberForm | undefined {
    const cells = this.#columns[i]!;
    const told = this.#given ?? this.#told();
    if (known && (told === undefined || told === known.decimal || known.unit === '%')) {
      const read = formReader(known);
      const fits = !holdsWords(cells, { ...this.#rules, number: read });
      if (fits || known.unit === '%') return known;
    }
    const found = this.#found.get(i) ?? (known && this.#formsOf(cells));
    const form = this.formFor(found, known?.decimal);
    // 45 % is not 45.
    return form && form.unit !== known?.unit && (form.unit === '%' || known?.unit) ? known : form;
  }

  /** The one decimal mark that columns tell for certain. */
  #told(): '.' | ',' | undefined {
    this.#tellers ??= new Set(
      this.#columns.flatMap((cells, i) => {
        const found = this.#found.has(i) ? this.#found.get(i) : this.#formsOf(cells);
        return certainDecimal(found) ?? [];
      }),
    );
    const [first, second] = this.#tellers;
    return second === undefined ? first : undefined;
  }

  #swapped(): ColumnRules {
    return { ...this.#rules, decimal: ',', number: numberReader(',', this.#rules.missingWords) };
  }
}
