/** What the target columns of a table are: classes, values, or flags; and their cells as numbers. */
import type { Targets, Task } from '../../contracts/task.ts';
import { mostClasses } from '../../foundation/confusion.ts';
import { LockstepError } from '../../foundation/errors.ts';
import type { Table } from '../formats/table.ts';
import { listed } from './columns.ts';

/** Whole numbers of up to so many different values look like classes. */
const fewValues = 20;

/** The cells of a target column, of the training file and of the test file. */
export interface TargetColumn {
  name: string;
  kind: 'number' | 'word';
  /** Of words, in the order of both files. */
  words: readonly string[];
  /**
   * The different values: indices of words, or numbers in ascending order. If they are more than classes can
   * be, some of them: a set of a million numbers takes as long as many trainings.
   */
  distinct: readonly number[];
  /** Of a table: its rows, and the line of the first word. */
  rows?: number;
  line?: number | undefined;
}

/** @throws LockstepError `data` if a target is missing or infinite in some row */
export function targetColumn(
  table: Table,
  at: number,
  test: { table: Table; at: number } | undefined,
): TargetColumn {
  const { name, kind, firstWord } = table.columns[at]!;
  const values = new Set<number>();
  for (const part of [{ table, at }, ...(test ? [test] : [])]) {
    refuseHoles(part.table, part.at);
    for (const value of part.table.column(part.at)) {
      values.add(value);
      if (values.size > mostClasses) break;
    }
  }
  const words = (test?.table.columns[test.at] ?? table.columns[at]!).words;
  const distinct = [...values].sort((a, b) => a - b);
  return { name, kind, words, distinct, rows: table.count, line: firstWord?.line };
}

function refuseHoles({ file, columns }: Table, at: number): void {
  const { name, missing, infinite } = columns[at]!;
  for (const [places, what] of [
    [missing, 'missing'],
    [infinite, 'infinite'],
  ] as const) {
    if (places.count === 0) continue;
    throw new LockstepError('data', {
      where: `${file}:${places.line}`,
      expected: `a value of ${JSON.stringify(name)}, which is predicted, in every row`,
      got: places.count === 1 ? `one that is ${what}` : `${places.count} that are ${what}`,
      hint: 'remove these rows, or give them as rows to predict',
    });
  }
}

/**
 * What is predicted, of what the settings and the loss allow.
 *
 * @throws LockstepError `data` if the columns cannot be that
 */
export function targetsFor(file: string, columns: readonly TargetColumn[], tasks: readonly Task[]): Targets {
  const looks = looksLike(columns);
  const task = tasks.includes(looks) ? looks : tasks[0]!;
  if (task === 'values') return valuesOf(file, columns);
  return task === 'flags' ? flagsOf(file, columns) : classesOf(file, columns);
}

/** What the columns look like if nobody says it. */
function looksLike(columns: readonly TargetColumn[]): Task {
  const [first] = columns;
  if (columns.length > 1) return columns.every(isFlag) ? 'flags' : 'values';
  if (first!.kind === 'word') return 'classes';
  const whole = first!.distinct.every((value) => Number.isInteger(value) && value >= 0);
  return whole && first!.distinct.length <= fewValues ? 'classes' : 'values';
}

const isFlag = ({ kind, distinct }: TargetColumn) =>
  kind === 'number' && distinct.every((value) => value === 0 || value === 1);

function valuesOf(file: string, columns: readonly TargetColumn[]): Targets {
  for (const { name, kind, words, distinct, rows = Number.POSITIVE_INFINITY, line } of columns) {
    if (kind === 'number') continue;
    const classes = 2 * distinct.length <= rows;
    throw new LockstepError('data', {
      where: line ? `${file}:${line}` : file,
      expected: `numbers in column ${JSON.stringify(name)}, to be predicted as values`,
      got: `words: ${listed(words, 3)}`,
      hint: classes
        ? 'for classes take the loss softmax-cross-entropy'
        : 'data.target says which column is predicted',
    });
  }
  return { kind: 'values', names: columns.map(({ name }) => name) };
}

/** One column of classes. Whole numbers 0, 1, 2, ... have no names; others are named by what is written. */
function classesOf(file: string, columns: readonly TargetColumn[]): Targets {
  if (columns.length > 1) {
    throw new LockstepError('data', {
      where: file,
      expected: 'one column of classes in data.target',
      got: String(columns.length),
      hint: 'for values take the loss mean-squared-error, for columns of 0 and 1 binary-cross-entropy',
    });
  }
  const { name, kind, words, distinct } = columns[0]!;
  const count = distinct.length;
  if (kind === 'number' && distinct.some((value) => !Number.isInteger(value))) {
    const fraction = distinct.find((value) => !Number.isInteger(value));
    throw new LockstepError('data', {
      where: file,
      expected: `classes in column ${JSON.stringify(name)}: words or whole numbers`,
      got: `${count > mostClasses ? 'many' : count} different values, such as ${fraction}`,
      hint: 'to predict values take the loss mean-squared-error',
    });
  }
  if (count > mostClasses) {
    throw new LockstepError('data', { where: file, expected: `at most ${mostClasses} classes`, got: 'more' });
  }
  const column = name;
  if (kind === 'number' && distinct.every((value, i) => value === i))
    return { kind: 'classes', count, column };
  const names = kind === 'word' ? distinct.map((at) => words[at]!).sort(byCodeUnit) : distinct.map(String);
  return { kind: 'classes', count, names, column };
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Words for yes in some languages. */
const affirmative = /^(?:y|yes|true|t|on|positive|j|ja|wahr|o|oui|vrai|s|si|sí|sim|да)$/i;

/** Columns of 0 and 1, or of two words: the one for yes, or else the second in alphabetical order. */
function flagsOf(file: string, columns: readonly TargetColumn[]): Targets {
  const words = columns.map((column): readonly [no: string, yes: string] => {
    if (isFlag(column)) return ['0', '1'];
    const { name, kind, words, distinct } = column;
    const texts = kind === 'word' ? distinct.map((at) => words[at]!).sort(byCodeUnit) : distinct.map(String);
    const [first, second] = texts;
    if (texts.length === 2) {
      const swapped = affirmative.test(first!) && !affirmative.test(second!);
      return swapped ? [second!, first!] : [first!, second!];
    }
    throw new LockstepError('data', {
      where: file,
      expected: `0 and 1, or two different values, in column ${JSON.stringify(name)}`,
      got: `${texts.length}: ${listed(texts, 3)}`,
      hint: 'for several classes take the loss softmax-cross-entropy',
    });
  });
  const names = columns.map(({ name }) => name);
  const [no, yes] = [words.map(([no]) => no), words.map(([, yes]) => yes)];
  const plain = yes.every((word) => word === '1') && no.every((word) => word === '0');
  return plain ? { kind: 'flags', names } : { kind: 'flags', names, yes, no };
}

/**
 * Reads a cell of target column `c` as the number that stands for it. NaN if it is a class or a flag that is
 * not known, or a word where a number is predicted: a word's index is never taken for a number.
 */
export function targetReader(
  targets: Targets,
  columns: readonly { kind: 'number' | 'word'; words: readonly string[] }[],
): (c: number, cell: number) => number {
  const isWord = columns.map(({ kind }) => kind === 'word');
  const text = (c: number, cell: number) => (isWord[c] ? columns[c]!.words[cell]! : String(cell));
  if (targets.kind === 'values') return (c, cell) => (isWord[c] ? Number.NaN : cell);
  if (targets.kind === 'flags') {
    const { yes, no } = targets;
    return (c, cell) => {
      const written = text(c, cell);
      if (written === (yes?.[c] ?? '1')) return 1;
      return written === (no?.[c] ?? '0') ? 0 : Number.NaN;
    };
  }
  if (!targets.names) {
    const { count } = targets;
    return (c, cell) =>
      !isWord[c] && Number.isInteger(cell) && cell >= 0 && cell < count ? cell : Number.NaN;
  }
  const index = new Map(targets.names.map((name, at) => [name, at]));
  return (c, cell) => index.get(text(c, cell)) ?? Number.NaN;
}
