/** The rows of a table for a trained network: its columns are found by name, or without names by place. */
import type { Targets } from '../../contracts/task.ts';
import type { DataFormat } from '../../experiment/data-settings.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { counted } from '../../foundation/format.ts';
import { allocateShared } from '../../platform/shared-memory.ts';
import { allocateTargets, type Column, columnsOf, type Features, type Samples } from '../dataset.ts';
import { testFileBeside } from '../files-beside.ts';
import { fewestCounted, isPixelName } from '../formats/csv-kind.ts';
import { type KnownColumn, readTable, type Table } from '../formats/table.ts';
import { type GivenSamples, type SampleRequest, shapeText } from '../reader.ts';
import type { Signature } from '../split.ts';
import { byteOf } from '../white.ts';
import { findColumn, listed } from './columns.ts';
import { refuseHoles, textOptions } from './open-table.ts';
import { countsRows, isIdName } from './roles.ts';
import { targetReader } from './targets.ts';

/**
 * Opens the rows of the test file beside a file, or else all of its own.
 *
 * @throws LockstepError `data` with file and line if they do not fit the network
 */
export async function tableSamples(source: string, request: SampleRequest): Promise<GivenSamples> {
  const { format, wanted } = request;
  const beside = wanted === 'test' ? await testFileBeside(source) : undefined;
  const file = beside ?? source;
  const given = await rowsOfTable(file, request);
  if (wanted === 'test' && !given.labelled) {
    throw new LockstepError('data', {
      where: file,
      expected: `the column that is predicted${targetNames(format)}`,
      got: 'none',
      hint: '`train predict` takes rows without it',
    });
  }
  return { ...given, everySample: beside === undefined };
}

const targetNames = ({ target }: DataFormat) =>
  target === undefined ? '' : ` (${[target].flat().join(', ')})`;

async function rowsOfTable(
  file: string,
  { signature, format, wanted, contents, progress }: SampleRequest,
): Promise<Omit<GivenSamples, 'everySample'>> {
  const { features } = signature;
  // Without names nothing is known: rows without the target have their columns at other places.
  const known =
    features.kind === 'floats'
      ? features.columns.map((column) =>
          column.kind === 'number'
            ? ({ name: column.name, kind: 'number', form: column.form } as const)
            : ({ name: column.name, kind: 'word', words: column.words } as const),
        )
      : [];
  const table = await readTable(file, {
    known: [...known, ...knownTargets(signature)],
    ...textOptions(format),
    contents,
    ...(progress ? { progress: (done: number, total: number) => progress(file, done, total) } : {}),
  });
  const notes: string[] = [];
  const targets = targetColumnsIn(table, signature, format);
  // Rows to predict may have the column, but nothing in it.
  const empty = targets?.every((at) => table.columns[at]!.missing.count === table.count);
  const labelled = targets !== undefined && !(empty && wanted === 'rows');
  const places = featurePlaces(table, signature, targets);
  if (features.kind === 'floats') checkKinds(table, places, features.columns);
  refuseHoles(table, places, features.kind === 'bytes' ? {} : format);
  const id = idOf(table, places, targets);
  noteOthers(table, [...places, ...(targets ?? []), ...(id ? [0] : [])], notes);
  const given = features.kind === 'bytes' ? features : wordsOf(features, table, places);
  const samples = {
    count: table.count,
    features: cellsOf(table, places, features),
    targets: allocateTargets(table.count, signature.targets),
  };
  if (targets && labelled) fillTargets(table, targets, signature, samples.targets);
  return { name: `samples of ${file}`, features: given, samples, labelled, id, notes };
}

/** Targets that are numbers. What stands for a class or a flag is looked up by what is written. */
function knownTargets({ targets }: Signature): KnownColumn[] {
  if (targets.kind === 'values') return targets.names.map((name) => ({ name, kind: 'number' }));
  if (targets.kind === 'flags') return [];
  const { column: name, names } = targets;
  return name === undefined || names ? [] : [{ name, kind: 'number' }];
}

/** The columns that are predicted, if the file has them. */
function targetColumnsIn(
  table: Table,
  { features, targets }: Signature,
  format: DataFormat,
): number[] | undefined {
  const last = table.columns.length - 1;
  const extra = table.columns.length - columnsOf(features);
  // The names of the training; `last` may be another column in rows without the target.
  const given = targets.kind === 'classes' ? targets.column : targets.names;
  const names = [given ?? format.target ?? []].flat();
  if (names.length > 0 && (table.header || extra >= names.length)) {
    const found = names.map((name) => findColumn(table, name) ?? { first: 0, last }[name]);
    if (found.every((at) => at !== undefined)) return found;
  }
  // Pictures have their label in front if there is one column more than pixels.
  const [first] = table.columns;
  const id = table.header ? isIdName(first!.name) : table.count >= fewestCounted && countsRows(table);
  const inFront = extra === 1 && !isPixelName(first!.name) && !id;
  return features.kind === 'bytes' && inFront ? [0] : undefined;
}

/** Where the columns that the network reads are, by name, or without names by their places. */
function featurePlaces(
  table: Table,
  { features }: Signature,
  targets: readonly number[] | undefined,
): number[] {
  const width = columnsOf(features);
  if (features.kind === 'floats' && table.header) {
    const found = features.columns.map(({ name }) => findColumn(table, name));
    const missing = features.columns.filter((_, c) => found[c] === undefined).map(({ name }) => name);
    if (missing.length === 0) return found as number[];
    const columns = missing.length === 1 ? 'column' : 'columns';
    throw new LockstepError('data', {
      where: table.file,
      expected: `the ${columns} ${listed(missing)}, which the network reads`,
      got: listed(table.columns.map(({ name }) => name)),
    });
  }
  const others = [...table.columns.keys()].filter((at) => !targets?.includes(at));
  if (others.length === width) return others;
  // Pictures with an id in front.
  const [id] = others;
  const bytes = features.kind === 'bytes';
  const { header, columns } = table;
  const named = header ? !isPixelName(columns[0]!.name) : countsRows(table);
  if (bytes && others.length === width + 1 && id === 0 && named) return others.slice(1);
  throw new LockstepError('data', {
    where: table.file,
    expected: bytes
      ? `${shapeText(features)}, as the network was trained on: ${width} columns, or a label more`
      : `${counted(width, 'column')} beside what is predicted, as the network reads`,
    got: bytes ? counted(table.columns.length, 'column') : String(others.length),
  });
}

/** Words must be where the network reads words, and numbers where it reads numbers. */
function checkKinds(table: Table, places: readonly number[], read: readonly Column[]): void {
  for (const [c, at] of places.entries()) {
    const { name, kind, firstWord } = table.columns[at]!;
    const words = read[c]!.kind === 'category';
    if (words === (kind === 'word')) continue;
    throw new LockstepError('data', {
      where: firstWord ? `${table.file}:${firstWord.line}` : table.file,
      expected: `${words ? 'words' : 'numbers'} in column ${JSON.stringify(name)}, as in the training`,
      got: firstWord ? JSON.stringify(firstWord.text.slice(0, 20)) : 'numbers',
    });
  }
}

function noteOthers({ columns, header }: Table, used: readonly number[], notes: string[]): void {
  if (!header) return;
  const others = columns.filter((_, at) => !used.includes(at)).map(({ name }) => name);
  if (others.length > 0) notes.push(`not used: ${listed(others)}`);
}

/** The first column, if it is not used and another for each row: a count, numbers or names of things. */
function idOf(
  table: Table,
  places: readonly number[],
  targets: readonly number[] | undefined,
): GivenSamples['id'] {
  const [first] = table.columns;
  if (!table.header || places.includes(0) || targets?.includes(0)) return undefined;
  const cells = table.column(0);
  if (new Set(cells).size < table.count || first!.missing.count > 0) return undefined;
  // A measurement that is not read may be another in each row, but names none.
  if (first!.kind === 'number' && !cells.every(Number.isInteger)) return undefined;
  const values = Array.from(cells, (cell) => (first!.kind === 'word' ? first!.words[cell]! : String(cell)));
  return { name: first!.named ? first!.name : 'id', values };
}

/** The network's columns with the words of this table. */
function wordsOf(features: Features & { kind: 'floats' }, table: Table, places: readonly number[]): Features {
  const columns = features.columns.map((column, c) =>
    column.kind === 'number' ? column : { ...column, words: table.columns[places[c]!]!.words },
  );
  return { ...features, columns };
}

function cellsOf(table: Table, places: readonly number[], features: Features): Samples['features'] {
  if (features.kind === 'floats') return table.copy({ columns: places });
  const white = features.white ?? 255;
  const width = places.length;
  const bytes = new Uint8Array(allocateShared(table.count * width));
  for (const [c, at] of places.entries()) {
    const { name, kind } = table.columns[at]!;
    for (const [row, value] of table.column(at).entries()) {
      const pixel = kind === 'word' ? Number.NaN : byteOf(value, white);
      if (!(pixel >= 0 && pixel <= 255)) {
        throw new LockstepError('data', {
          where: `${table.file}:${table.line(row)}`,
          expected: `a pixel of 0 to ${white} in column ${JSON.stringify(name)}, as in the training set`,
          got: kind === 'word' ? 'a word' : String(value),
        });
      }
      bytes[row * width + c] = pixel;
    }
  }
  return bytes;
}

function fillTargets(
  table: Table,
  columns: readonly number[],
  { targets }: Signature,
  into: Samples['targets'],
): void {
  const read = targetReader(
    targets,
    columns.map((at) => table.columns[at]!),
  );
  for (const [c, at] of columns.entries()) {
    const { name, kind, words, firstWord } = table.columns[at]!;
    const numbers = targets.kind === 'values' || (targets.kind === 'classes' && !targets.names);
    const wrong = (line: number, expected: string, got: string) =>
      new LockstepError('data', {
        where: `${table.file}:${line}`,
        expected: `${expected} in column ${JSON.stringify(name)}`,
        got,
      });
    if (kind === 'word' && numbers) {
      const { line, text } = firstWord ?? { line: table.line(0), text: words[0] ?? '' };
      throw wrong(line, 'a number', JSON.stringify(text.slice(0, 20)));
    }
    for (const [row, cell] of table.column(at).entries()) {
      const value = Number.isNaN(cell) ? cell : read(c, cell);
      if (Number.isNaN(value)) {
        const written = kind === 'word' ? JSON.stringify(words[cell]) : String(cell);
        throw wrong(table.line(row), whatIs(targets, c), Number.isNaN(cell) ? 'nothing' : written);
      }
      into[row * columns.length + c] = value;
    }
  }
}

/** What stands in a cell of target column `c`. */
function whatIs(targets: Targets, c: number): string {
  if (targets.kind === 'values') return 'a value';
  if (targets.kind === 'classes') return `one of the ${targets.count} classes of the network`;
  const { yes, no } = targets;
  return `${no?.[c] ?? '0'} or ${yes?.[c] ?? '1'}`;
}
