/** Opens samples for a trained network: to be judged by, or to be predicted. */
import type { DataFormat } from '../experiment/data-settings.ts';
import { LockstepError } from '../foundation/errors.ts';
import { kindOf } from '../platform/files.ts';
import { allocateShared } from '../platform/shared-memory.ts';
import { allocateTargets, columnsOf, type Dataset, type Features, type Samples } from './dataset.ts';
import { testFileBeside } from './files-beside.ts';
import { fewestCounted, isPixelName } from './formats/csv-kind.ts';
import { readIdxTest, samplesOf } from './formats/idx.ts';
import { mnistFolder } from './formats/mnist.ts';
import { loadPictureTest } from './formats/picture-folder.ts';
import { readTable, type Table } from './formats/table.ts';
import { arraySamples } from './open-arrays.ts';
import { folderKind } from './open-folder.ts';
import type { Signature } from './split.ts';
import { findColumn, listed } from './tables/columns.ts';
import { refuseHoles } from './tables/open-table.ts';
import { countsRows, isIdName } from './tables/roles.ts';
import { targetReader } from './tables/targets.ts';
import { byteOf, scaleBytes } from './white.ts';

/** Samples as a network reads them. */
export interface GivenSamples {
  /** Their source, for people. */
  name: string;
  /** What a sample is: the network's own shape, but a table may have its words in another order. */
  features: Features;
  samples: Samples;
  /** Whether the targets are known; if not, those of `samples` mean nothing. */
  labelled: boolean;
  /** The column that names the rows, if there is one. */
  id: { name: string; values: readonly string[] } | undefined;
  /** All samples of a file, not only those that were set aside for a test. */
  everySample: boolean;
  /** What was noticed: columns that are not used, for example. */
  notes: readonly string[];
}

/**
 * Opens the test samples of `mnist` or of a folder, or the rows of a file: of the test file beside it, or
 * else all of its own.
 *
 * @param wanted `test`: targets must be there. `rows`: the file itself, with targets or without.
 * @throws LockstepError `data` if the samples do not fit the network
 */
export async function openSamples(
  source: string,
  signature: Signature,
  format: DataFormat,
  wanted: 'test' | 'rows',
): Promise<GivenSamples> {
  const found = source === 'mnist' ? 'folder' : await kindOf(source).catch(() => undefined);
  if (found === undefined) {
    throw new LockstepError('data', {
      where: source,
      expected: '`mnist`, a file with rows, or a folder',
      got: 'no such file or folder',
    });
  }
  if (found === 'folder') {
    const kind = source === 'mnist' ? 'idx' : await folderKind(source);
    if (kind === 'pictures') return fromPictures(source, signature);
    return kind === 'idx' ? fromIdx(source, signature, format) : fromArrays(source, signature, wanted);
  }
  if (/\.np[yz]$/i.test(source)) return fromArrays(source, signature, wanted);
  const beside = wanted === 'test' ? await testFileBeside(source) : undefined;
  const file = beside ?? source;
  const given = await fromTable(file, signature, format);
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

/** The test pictures of a folder with a folder for each class, brought to the size of the network. */
async function fromPictures(folder: string, { features, targets }: Signature): Promise<GivenSamples> {
  if (features.kind !== 'bytes') {
    throw new LockstepError('data', {
      where: folder,
      expected: `${shapeText(features)}, as the network was trained on`,
      got: 'a folder of pictures',
    });
  }
  const [height, width, channels] = features.shape;
  const names = targets.kind === 'classes' ? targets.names : undefined;
  const { samples, notes } = await loadPictureTest(folder, {
    size: { height, width },
    channels: channels === 1 ? 1 : 3,
    ...(names ? { classes: names } : {}),
  });
  const labels = allocateTargets(samples.count, targets);
  labels.set(samples.labels);
  return {
    name: `pictures of ${folder}`,
    features,
    samples: { count: samples.count, features: samples.features, targets: labels },
    labelled: true,
    id: { name: 'file', values: samples.files },
    everySample: false,
    notes,
  };
}

async function fromArrays(
  path: string,
  signature: Signature,
  wanted: 'test' | 'rows',
): Promise<GivenSamples> {
  const { samples, labelled, part } = await arraySamples(path, signature, wanted === 'test');
  return {
    name: `${part === 'test' ? 'test samples' : 'samples'} of ${path}`,
    features: signature.features,
    samples,
    labelled,
    id: undefined,
    everySample: part !== 'test',
    notes: [],
  };
}

async function fromIdx(source: string, signature: Signature, format: DataFormat): Promise<GivenSamples> {
  const read = await readIdxTest(source === 'mnist' ? mnistFolder() : source, format);
  const samples = samplesOf(read);
  const shape = [read.height, read.width, read.channels];
  const { features, targets } = signature;
  if (features.kind !== 'bytes' || String(features.shape) !== String(shape)) {
    throw new LockstepError('data', {
      where: source,
      expected: `${shapeText(features)}, as the network was trained on`,
      got: `images of ${shape.slice(0, shape[2] === 1 ? 2 : 3).join(' x ')} pixels`,
    });
  }
  scaleBytes(samples.features as Uint8Array, features.white ?? 255);
  const name = `test samples of ${source}`;
  const fitted = { ...samples, targets: allocateTargets(samples.count, targets) };
  if (targets.kind === 'classes') {
    for (const [i, label] of samples.targets.entries()) {
      if (label >= targets.count) throw unknownClass(source, targets.count, label, i);
      fitted.targets[i] = label;
    }
  }
  return {
    name,
    features,
    samples: fitted,
    labelled: true,
    id: undefined,
    everySample: false,
    notes: [],
  };
}

function unknownClass(where: string, classes: number, got: unknown, sample: number): LockstepError {
  return new LockstepError('data', {
    where,
    expected: `labels from 0 to ${classes - 1}, the classes of the network`,
    got: `${got} for sample ${sample + 1}`,
  });
}

function shapeText({ kind, shape }: Features): string {
  return kind === 'floats'
    ? `a table of ${shape[0]} columns`
    : `images of ${shape.slice(0, 2).join(' x ')} pixels`;
}

async function fromTable(
  file: string,
  signature: Signature,
  format: DataFormat,
): Promise<Omit<GivenSamples, 'everySample'>> {
  const { features } = signature;
  const known =
    features.kind === 'floats'
      ? features.columns.map((column) =>
          column.kind === 'number'
            ? ({ name: column.name, kind: 'number' } as const)
            : ({ name: column.name, kind: 'word', words: column.words } as const),
        )
      : [];
  const table = await readTable(file, {
    known,
    ...(format.header === undefined ? {} : { header: format.header }),
  });
  const notes: string[] = [];
  const targets = targetColumnsIn(table, signature, format);
  const places = featurePlaces(table, signature, targets);
  refuseHoles(table, places, features.kind === 'bytes' ? {} : format);
  const id = idOf(table, places, targets);
  noteOthers(table, [...places, ...(targets ?? []), ...(id ? [0] : [])], notes);
  const given = features.kind === 'bytes' ? features : wordsOf(features, table, places);
  const samples = {
    count: table.count,
    features: cellsOf(table, places, features),
    targets: allocateTargets(table.count, signature.targets),
  };
  if (targets) fillTargets(table, targets, signature, samples.targets);
  return { name: `samples of ${file}`, features: given, samples, labelled: targets !== undefined, id, notes };
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
    throw new LockstepError('data', {
      where: table.file,
      expected: `the ${missing.length === 1 ? 'column' : 'columns'} ${listed(missing)}, which the network reads`,
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
      : `${width} columns beside what is predicted, as the network reads`,
    got: bytes ? `${table.columns.length} columns` : String(others.length),
  });
}

function noteOthers({ columns, header }: Table, used: readonly number[], notes: string[]): void {
  if (!header) return;
  const others = columns.filter((_, at) => !used.includes(at)).map(({ name }) => name);
  if (others.length > 0) notes.push(`not used: ${listed(others)}`);
}

/** The first column, if it is not used and another for each row. */
function idOf(
  table: Table,
  places: readonly number[],
  targets: readonly number[] | undefined,
): GivenSamples['id'] {
  const [first] = table.columns;
  if (!table.header || places.includes(0) || targets?.includes(0)) return undefined;
  const cells = table.column(0);
  if (new Set(cells).size < table.count || first!.missing.count > 0) return undefined;
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
    const { name, kind, words } = table.columns[at]!;
    for (const [row, cell] of table.column(at).entries()) {
      const value = Number.isNaN(cell) ? cell : read(c, cell);
      if (Number.isNaN(value)) {
        const got = Number.isNaN(cell)
          ? 'nothing'
          : kind === 'word'
            ? JSON.stringify(words[cell])
            : String(cell);
        const known =
          targets.kind === 'classes' ? `one of the ${targets.count} classes of the network` : 'a value';
        throw new LockstepError('data', {
          where: `${table.file}:${table.line(row)}`,
          expected: `${known} in column ${JSON.stringify(name)}`,
          got,
        });
      }
      into[row * columns.length + c] = value;
    }
  }
}

/** The test samples of an open data set. */
export function testSamplesOf({ name, features, test }: Dataset): GivenSamples {
  return {
    name: `test samples of ${name}`,
    features,
    samples: test,
    labelled: true,
    id: undefined,
    everySample: false,
    notes: [],
  };
}
