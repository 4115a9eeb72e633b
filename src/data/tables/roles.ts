/** Which columns of a table are predicted, which are read, and which are neither. */
import type { ColumnName, DataFormat } from '../../experiment/data-settings.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { counted } from '../../foundation/format.ts';
import { namesPixels } from '../formats/csv-kind.ts';
import type { Table, TableColumn } from '../formats/table.ts';
import { columnCalled, findColumn, listed } from './columns.ts';
import { formNote, refuseNumberWords, wordsNote } from './number-words.ts';

export interface Roles {
  targets: readonly number[];
  /** In the order of the file, or as `features` lists them. */
  features: readonly number[];
  group: number | undefined;
  /** Names the rows, and is not read. */
  id: number | undefined;
  /** What was decided, for people. */
  notes: readonly string[];
}

/** Names of a column that is predicted, if nobody says which; the first that occurs. */
const usualTargets = ['target', 'label', 'class', 'species', 'y', 'labels', 'targets', 'category', 'outcome'];

/** Names of columns that name or count the rows. */
const usualIds = /^(?:id|index|row|no|nr|#|unnamed: ?0|row_?id|.*[_ ]id|[A-Za-z]+Id|.*ID)$/i;

/** Whether a column of this name is usual to name or count the rows. */
export function isIdName(name: string): boolean {
  return usualIds.test(name);
}

/** A column of words of which more than this share are different names something rather than sorting it. */
const mostDifferent = 0.5;
/** ... if there are more than this many. */
const fewWords = 20;

/**
 * @throws LockstepError `data` if a column is not there, or nobody says what is to be predicted
 */
export function rolesOf(table: Table, format: DataFormat): Roles {
  const notes: string[] = [];
  const targets = targetsOf(table, format);
  const group = format.group === undefined ? undefined : columnCalled(table, format.group, 'data.group');
  const dropped = new Set((format.drop ?? []).map((name) => columnCalled(table, name, 'data.drop')));
  const named = format.features?.map((name) => columnCalled(table, name, 'data.features'));
  for (const at of named ?? []) refuseTwice(table, at, targets);
  const id = idOf(table, [...targets, ...(named ?? []), ...(group === undefined ? [] : [group])]);
  const others = [...table.columns.keys()].filter(
    (at) => !targets.includes(at) && at !== group && !dropped.has(at) && at !== id,
  );
  // Words that are meant as words need no doubt.
  const words = new Set(
    (format.categories ?? []).map((name) => columnCalled(table, name, 'data.categories')),
  );
  for (const at of named ?? others) if (!words.has(at)) refuseNumberWords(table, at, asWords(table, at));
  for (const at of targets) if (!mayBeClasses(table, at, format)) refuseNumberWords(table, at, asClasses);
  const features = named ?? others.filter((at) => worthReading(table, at, notes));
  for (const at of [...targets, ...(named ?? others)]) {
    const column = table.columns[at]!;
    const told = words.has(at) || !features.includes(at) ? undefined : wordsNote(column);
    for (const note of [told, formNote(column)]) if (note) notes.push(note);
  }
  if (id !== undefined && !dropped.has(id)) {
    const column = table.columns[id]!;
    notes.push(
      column.named
        ? `column ${JSON.stringify(column.name)} is another in each row: taken for an id, not read`
        : 'the first column has no name and counts the rows: taken for an index, not read',
    );
  }
  if (features.length === 0) {
    throw new LockstepError('data', {
      where: table.file,
      expected: 'a column beside what is predicted',
      got: listed(table.columns.map(({ name }) => name)),
    });
  }
  return { targets, features, group, id, notes };
}

function asWords({ columns }: Table, at: number): string {
  const word = wordFor(columns[at]!).replaceAll("'", '');
  return `if it is meant as words: --set 'data.categories=[${word}]', or name it in data.drop`;
}

const asClasses = 'if these are classes: --set data.task=classes';

/** A target of few different words, or of which somebody said it. */
function mayBeClasses({ columns }: Table, at: number, { task }: DataFormat): boolean {
  return task === 'classes' || columns[at]!.words.length <= fewWords;
}

function targetsOf(table: Table, { target }: DataFormat): number[] {
  const { columns, file } = table;
  if (target !== undefined) {
    const names = typeof target === 'object' ? target : [target];
    const found = names.map((name) => targetCalled(table, name));
    for (const [i, at] of found.entries()) {
      if (found.indexOf(at) === i) continue;
      throw new LockstepError('data', {
        where: file,
        expected: 'each column of data.target once',
        got: `${JSON.stringify(columns[at]!.name)} twice`,
      });
    }
    return found;
  }
  for (const name of table.header ? usualTargets : []) {
    const at = findColumn(table, name);
    if (at !== undefined) return [at];
  }
  const last = columns.at(-1)!;
  // Pixels without a label are rows to predict.
  const pixels = table.header && namesPixels(columns.map(({ name }) => name));
  throw new LockstepError('data', {
    where: file,
    expected:
      `a column called ${usualTargets.slice(0, 5).join(', ')}, ` +
      'or data.target, which says what is predicted',
    got: table.header
      ? listed(columns.map(({ name }) => name))
      : `${counted(columns.length, 'column')} without names`,
    hint: pixels
      ? 'these are pictures without labels, for `train predict`'
      : `such as --set data.target=${table.header ? wordFor(last) : 'last'}`,
  });
}

/** A column's name as it can be written on a command line. */
function wordFor({ name }: TableColumn): string {
  return /^[\w.-]+$/.test(name) ? name : `'"${name}"'`;
}

function targetCalled(table: Table, name: ColumnName): number {
  const exact = findColumn(table, name);
  if (exact !== undefined) return exact;
  if (name === 'first') return 0;
  if (name === 'last') return table.columns.length - 1;
  return columnCalled(table, name, 'data.target');
}

function refuseTwice({ columns, file }: Table, at: number, targets: readonly number[]): void {
  if (!targets.includes(at)) return;
  throw new LockstepError('data', {
    where: file,
    expected: 'features that are not predicted as well',
    got: `${JSON.stringify(columns[at]!.name)} in data.target and in data.features`,
    hint: 'a network that reads its target learns to copy it',
  });
}

/**
 * A column in front that names the rows: without a name and counting them, or called id and another for each
 * row.
 */
function idOf(table: Table, taken: readonly number[]): number | undefined {
  if (taken.includes(0) || !table.header || table.columns.length < 3) return undefined;
  const [first] = table.columns;
  if (!first!.named) return countsRows(table) ? 0 : undefined;
  if (!isIdName(first!.name)) return undefined;
  if (first!.missing.count > 0) return undefined;
  if (first!.kind === 'word') return first!.words.length === table.count ? 0 : undefined;
  return new Set(table.column(0)).size === table.count ? 0 : undefined;
}

/** 0, 1, 2, ... or 1, 2, 3, ... */
export function countsRows(table: Table): boolean {
  if (table.columns[0]!.kind !== 'number') return false;
  const values = table.column(0);
  const first = values[0]!;
  return (first === 0 || first === 1) && values.every((value, row) => value === first + row);
}

function worthReading({ columns, count }: Table, at: number, notes: string[]): boolean {
  const { name, kind, words, missing, long } = columns[at]!;
  if (missing.count === count) {
    notes.push(`column ${JSON.stringify(name)} is empty: not read`);
    return false;
  }
  if (kind === 'number' || words.length <= fewWords) return true;
  if (words.length <= mostDifferent * (count - missing.count)) return true;
  const [what, taken] =
    long === undefined
      ? ['words', '']
      : ['words (numbers of more digits than a number can hold)', 'taken for an id, '];
  const such = JSON.stringify(words[0]!.slice(0, 40));
  notes.push(
    `column ${JSON.stringify(name)} has ${words.length} different ${what}, such as ${such}, ` +
      `in ${count} rows: ${taken}not read; data.features can name it`,
  );
  return false;
}
