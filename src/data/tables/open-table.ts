/** A table as a data set: which columns are what, the test set, and the cells in shared memory. */
import { type Targets, targetWidth } from '../../contracts/task.ts';
import type { DataFormat } from '../../experiment/data-settings.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { counted } from '../../foundation/format.ts';
import { basename } from '../../platform/paths.ts';
import { allocateShared } from '../../platform/shared-memory.ts';
import { allocateTargets, type Column, type Dataset, type Features, type Samples } from '../dataset.ts';
import {
  delimiterName,
  type KnownColumn,
  readTable,
  type Table,
  type TableOptions,
} from '../formats/table.ts';
import type { ReadRequest } from '../reader.ts';
import { testShareOf } from '../test-split.ts';
import { columnCalled, findColumn, listed } from './columns.ts';
import { headerNotes, unlabelledText } from './header-notes.ts';
import { type Roles, rolesOf } from './roles.ts';
import { type TargetColumn, targetColumn, targetReader, targetsFor } from './targets.ts';

export interface TableRequest extends ReadRequest {
  /** The file with the test set, if there is one. */
  testFile: string | undefined;
}

/** The share of a table that becomes the test set if there is no file for it. */
const usualTestShare = 0.2;

/**
 * Opens a table. Its test set is the test file, if that has the target; else a share of the rows.
 *
 * @throws LockstepError `data` with file and line if there is one
 */
export async function openTable(file: string, request: TableRequest): Promise<Dataset> {
  const { format, tasks } = request;
  const table = await read(file, request, []);
  const roles = rolesOf(table, format);
  const notes = [formText(table), ...roles.notes];
  const whole = await openTest(table, roles, request, notes);
  const columns = roles.targets.map((at, c) =>
    targetColumn(table, at, whole && { table: whole.rows, at: whole.targets[c]! }),
  );
  const targets = targetsFor(file, columns, tasks);
  notes.push(targetText(targets, columns));
  refuseHoles(table, roles.features, format);
  if (whole) refuseHoles(whole.rows, whole.features, format);
  const features = featuresOf(table, roles, whole?.rows, whole?.features);

  const readCell = targetReader(targets, columns);
  const asked = targetsIn(table, roles.targets, targets, readCell);
  const groups = roles.group === undefined ? undefined : groupsOf(table, roles.group);
  const all = { count: table.count, targets: asked, ...(groups ? { groups } : {}) };
  if (whole) {
    const testTargets = targetsIn(whole.rows, whole.targets, targets, readCell);
    const { count } = whole.rows; // A table that is handed over is empty.
    const [cells] = await table.handOver([{ columns: roles.features }]);
    const [testCells] = await whole.rows.handOver([{ columns: whole.features }]);
    const train = { ...all, features: cells! };
    const testing = { count, features: testCells!, targets: testTargets };
    return finish({ name: file, features, targets, train, test: testing, notes }, table, format);
  }
  const none: Samples = {
    count: 0,
    features: new Float64Array(allocateShared(0)),
    targets: allocateTargets(0, targets),
  };
  if (format.fold) {
    const [cells] = await table.handOver([{ columns: roles.features }]);
    return finish(
      { name: file, features, targets, train: { ...all, features: cells! }, test: none, notes },
      table,
      format,
    );
  }
  if (table.count < 2) {
    throw new LockstepError('data', { where: file, expected: 'at least 2 rows', got: String(table.count) });
  }
  const share = format.testShare ?? usualTestShare;
  const { held, rest } = testShareOf(all, targets, share);
  notes.push(`test set: ${held.length} of ${table.count} rows, set aside the same way each time`);
  const [train, testing] = await table.handOver([
    { columns: roles.features, rows: rest },
    { columns: roles.features, rows: held },
  ]);
  const part = (cells: Samples['features'], rows: Uint32Array): Samples => ({
    count: rows.length,
    features: cells,
    targets: pick(asked, rows, targets),
    ...(groups ? { groups: Uint32Array.from(rows, (row) => groups[row]!) } : {}),
  });
  const dataset = {
    name: file,
    features,
    targets,
    train: part(train!, rest),
    test: part(testing!, held),
    notes,
  };
  return finish(dataset, table, format);
}

/** Columns of numbers that are names become words. */
function finish(dataset: Dataset, table: Table, { categories = [] }: DataFormat): Dataset {
  if (categories.length === 0 || dataset.features.kind !== 'floats') return dataset;
  const { features, train, test } = dataset;
  const width = features.columns.length;
  const columns = [...features.columns];
  for (const name of categories) {
    const wanted = table.columns[columnCalled(table, name, 'data.categories')]!.name;
    const at = columns.findIndex((column) => column.name === wanted);
    if (at < 0 || columns[at]!.kind === 'category') continue;
    const index = new Map<number, number>();
    for (const { features: cells, count } of [train, test]) {
      for (let row = 0; row < count; row++) {
        const cell = cells[row * width + at]!;
        if (Number.isNaN(cell)) continue;
        if (!index.has(cell)) index.set(cell, index.size);
        cells[row * width + at] = index.get(cell)!;
      }
    }
    columns[at] = { kind: 'category', name: wanted, words: [...index.keys()].map(String) };
  }
  return { ...dataset, features: { ...features, columns } };
}

/** What the settings say of the text of a table. */
export function textOptions({ header, decimal }: DataFormat): Pick<TableOptions, 'header' | 'decimal'> {
  return {
    ...(header === undefined ? {} : { header }),
    ...(decimal === undefined ? {} : { decimal: decimal === 'comma' ? ',' : '.' }),
  };
}

function read(
  file: string,
  { format, progress }: TableRequest,
  known: readonly KnownColumn[],
): Promise<Table> {
  return readTable(file, {
    ...textOptions(format),
    known,
    ...(progress ? { progress: (done: number, total: number) => progress(file, done, total) } : {}),
  });
}

/** `150 rows of 5 columns with a comma between, names in the first line` */
function formText({ count, columns, delimiter, decimal, header }: Table): string {
  const comma = decimal === ',' ? ' and decimal commas' : '';
  const names = header ? 'names in the first line' : 'no names in the first line';
  const between = `${delimiterName(delimiter)} between them${comma}`;
  return `table of ${counted(count, 'row')} and ${counted(columns.length, 'column')}, ${between}, ${names}`;
}

function targetText(targets: Targets, columns: readonly TargetColumn[]): string {
  const names = listed(columns.map(({ name }) => name));
  if (targets.kind !== 'classes') return `predicted: ${names}, as ${targets.kind}`;
  return `predicted: ${names}, ${targets.count} classes${targets.names ? `: ${listed(targets.names)}` : ''}`;
}

/** `5 columns with names` */
function formOf({ columns, header }: Table): string {
  return `${counted(columns.length, 'column')} ${header ? 'with' : 'without'} names`;
}

/** The rows of the test file, by the columns of the training file. */
interface TestTable {
  rows: Table;
  features: readonly number[];
  targets: readonly number[];
}

/** Undefined: there is no test file, or it does not say what is to be predicted. */
async function openTest(
  table: Table,
  roles: Roles,
  request: TableRequest,
  notes: string[],
): Promise<TestTable | undefined> {
  const { testFile, format } = request;
  if (testFile === undefined) return undefined;
  const known = [...roles.features, ...roles.targets].map((place): KnownColumn => {
    const { name, kind, words, form } = table.columns[place]!;
    return { name, place, kind, words, form };
  });
  const rows = await read(testFile, request, known);
  if (rows.header !== table.header || (!table.header && rows.columns.length !== table.columns.length)) {
    throw new LockstepError('data', {
      where: testFile,
      expected: `${formOf(table)}, as in ${basename(table.file)}`,
      got: formOf(rows),
    });
  }
  const at = (column: number) => (table.header ? findColumn(rows, table.columns[column]!.name) : column);
  const targets = roles.targets.map(at);
  if (targets.some((column) => column === undefined)) {
    const missing = roles.targets.filter((column) => at(column) === undefined);
    const names = listed(missing.map((column) => table.columns[column]!.name));
    if (format.test !== undefined) {
      throw new LockstepError('data', {
        where: testFile,
        expected: `the column ${names}, which is predicted`,
        got: 'none of that name',
        hint: 'rows without it can be given to `train predict`',
      });
    }
    notes.push(unlabelledText(testFile, names));
    return undefined;
  }
  const features = roles.features.map((column) => {
    const found = at(column);
    if (found !== undefined) return found;
    throw new LockstepError('data', {
      where: testFile,
      expected: `the column ${JSON.stringify(table.columns[column]!.name)} of ${basename(table.file)}`,
      got: listed(rows.columns.map(({ name }) => name)),
    });
  });
  notes.push(...headerNotes(table, rows));
  return { rows, features, targets: targets as number[] };
}

/** Refuses missing and infinite cells of columns that are read. */
export function refuseHoles(
  { file, columns }: Pick<Table, 'file' | 'columns'>,
  read: readonly number[],
  { missing: rule = 'refuse' }: DataFormat,
): void {
  for (const at of read) {
    const { name, missing, infinite } = columns[at]!;
    const column = JSON.stringify(name);
    if (infinite.count > 0) {
      throw new LockstepError('data', {
        where: `${file}:${infinite.line}`,
        expected: `finite numbers in column ${column}`,
        got: infinite.count === 1 ? 'an infinite one' : `${infinite.count} that are infinite`,
      });
    }
    if (missing.count === 0 || rule !== 'refuse') continue;
    throw new LockstepError('data', {
      where: `${file}:${missing.line}`,
      expected: `a value in column ${column}`,
      got: missing.count === 1 ? 'none' : `none here and in ${counted(missing.count - 1, 'more row')}`,
      hint: 'say what stands for it with --set data.missing=mean, or leave the column out with data.drop',
    });
  }
}

function featuresOf(
  table: Table,
  roles: Roles,
  test: Table | undefined,
  inTest: readonly number[] | undefined,
): Features {
  const columns = roles.features.map((at, c): Column => {
    const { name, kind, words, form } = table.columns[at]!;
    if (kind === 'number') return form ? { kind, name, form } : { kind, name };
    return { kind: 'category', name, words: test ? test.columns[inTest![c]!]!.words : words };
  });
  return { kind: 'floats', shape: [columns.length], columns };
}

/** The targets of all rows. */
function targetsIn(
  table: Table,
  columns: readonly number[],
  targets: Targets,
  readCell: (c: number, cell: number) => number,
): Samples['targets'] {
  const width = targetWidth(targets);
  const all = allocateTargets(table.count, targets);
  for (const [c, at] of columns.entries()) {
    const cells = table.column(at);
    for (let row = 0; row < table.count; row++) all[row * width + c] = readCell(c, cells[row]!);
  }
  return all;
}

function pick(all: Samples['targets'], rows: Uint32Array, targets: Targets): Samples['targets'] {
  const width = targetWidth(targets);
  const picked = allocateTargets(rows.length, targets);
  for (const [i, row] of rows.entries()) picked.set(all.subarray(row * width, (row + 1) * width), i * width);
  return picked;
}

/** A number for each different value of a column. */
function groupsOf(table: Table, at: number): Uint32Array {
  const numbers = new Map<number, number>();
  const groups = new Uint32Array(table.count);
  for (const [row, cell] of table.column(at).entries()) {
    if (!numbers.has(cell)) numbers.set(cell, numbers.size);
    groups[row] = numbers.get(cell)!;
  }
  return groups;
}
