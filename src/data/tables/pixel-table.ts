/**
 * Pictures in a CSV file whose form is not the plain one (label first, then bytes): the label elsewhere, an
 * id in front, other names, pixels of 0 to 1 or 0 to 16.
 */
import type { Targets } from '../../contracts/task.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { allocateShared } from '../../platform/shared-memory.ts';
import { longestSide } from '../check.ts';
import { allocateTargets, type Dataset, type Features, type Samples } from '../dataset.ts';
import { fewestCounted, isPixelName } from '../formats/csv-kind.ts';
import { readTable, type Table } from '../formats/table.ts';
import { byteOf, whiteOf, whiteText } from '../white.ts';
import { findColumn, listed } from './columns.ts';
import { headerNotes, unlabelledText } from './header-notes.ts';
import type { TableRequest } from './open-table.ts';
import { countsRows, rolesOf } from './roles.ts';
import { type TargetColumn, targetColumn, targetReader, targetsFor } from './targets.ts';

/** Height, width and channels of pictures: as `data.shape` says, else a square, else a single row. */
export function pictureShape(
  file: string,
  pixels: number,
  given: string | undefined,
): readonly [height: number, width: number, channels: number] {
  if (given !== undefined) {
    const [height, width, channels = 1] = given.split('x').map(Number) as [number, number, number?];
    if (height * width * channels === pixels) return [height, width, channels];
    throw new LockstepError('data', {
      where: file,
      expected: `${height * width * channels} pixels, as data.shape ${given} says`,
      got: String(pixels),
    });
  }
  if (pixels > longestSide * longestSide) {
    throw new LockstepError('data', { where: file, expected: 'fewer pixels', got: String(pixels) });
  }
  const side = Math.sqrt(pixels);
  return Number.isInteger(side) ? [side, side, 1] : [1, pixels, 1];
}

/** What of a table are pixels and what is the label. */
interface PixelTable {
  table: Table;
  pixels: readonly number[];
  label: number;
}

/** Opens pictures in a CSV file with their test file, if there is one. */
export async function openPixelTable(
  file: string,
  request: TableRequest,
): Promise<Omit<Dataset, 'test'> & { test: Samples | undefined }> {
  const { format, testFile } = request;
  const options = format.header === undefined ? {} : { header: format.header };
  const table = await readTable(file, options);
  const train = pixelsOf(table, request);
  const notes = [...train.notes];
  const test = testFile === undefined ? undefined : await openTest(testFile, train, request, notes);
  const columns: TargetColumn[] = [
    targetColumn(table, train.label, test && { table: test.table, at: test.label }),
  ];
  const targets = labelsOf(file, columns);
  const largest = Math.max(...train.pixels.map((at) => table.columns[at]!.max || 0));
  const white = whiteOf(file, largest, format.white);
  const text = whiteText(white);
  if (text) notes.push(text);
  const shape = pictureShape(file, train.pixels.length, format.shape);
  const features: Features = white === 255 ? { kind: 'bytes', shape } : { kind: 'bytes', shape, white };
  return {
    name: file,
    features,
    targets,
    train: samplesOf(train, targets, columns, white),
    test: test && samplesOf(test, targets, columns, white),
    notes,
  };
}

/** Undefined: the file beside the training file has no labels. One that `data.test` names must have them. */
async function openTest(
  file: string,
  train: PixelTable,
  { format }: TableRequest,
  notes: string[],
): Promise<PixelTable | undefined> {
  const { name, kind, words } = train.table.columns[train.label]!;
  const known = [{ name, place: train.label, kind, words }];
  const test = await readTable(
    file,
    format.header === undefined ? { known } : { known, header: format.header },
  );
  const has = (column: number) => findColumn(test, train.table.columns[column]!.name) !== undefined;
  const unlabelled = train.table.header && test.header && !has(train.label) && train.pixels.every(has);
  if (unlabelled && format.test === undefined) {
    notes.push(unlabelledText(file, JSON.stringify(name)));
    return undefined;
  }
  notes.push(...headerNotes(train.table, test));
  return matching(test, train);
}

function pixelsOf(table: Table, { format }: TableRequest): PixelTable & { notes: readonly string[] } {
  const named = table.header && table.columns.some(({ name }) => isPixelName(name));
  const index = !table.header && table.count >= fewestCounted && countsRows(table);
  const usual = table.header ? {} : { target: index ? 2 : 'first' };
  const roles = rolesOf(table, { ...usual, ...format });
  const label = roles.targets[0]!;
  const passed = (at: number) => index && at === 0;
  const pixels = roles.features.filter(
    (at) => !passed(at) && (!named || isPixelName(table.columns[at]!.name)),
  );
  for (const at of pixels) refuseNoPixel(table, at);
  const notes = [...roles.notes];
  if (index && label !== 0) {
    notes.push(`column 1 counts the rows: taken for an index, not read; the label is column ${label + 1}`);
  }
  return { table, pixels, label, notes };
}

function refuseNoPixel({ file, columns }: Table, at: number): void {
  const { name, kind, missing, infinite, firstWord, min } = columns[at]!;
  const column = JSON.stringify(name);
  const complain = (line: number | undefined, got: string) =>
    new LockstepError('data', {
      where: line ? `${file}:${line}` : file,
      expected: `a pixel in column ${column}`,
      got,
    });
  if (kind === 'word') throw complain(firstWord?.line, JSON.stringify(firstWord?.text.slice(0, 20)));
  if (missing.count > 0) throw complain(missing.line, 'nothing');
  if (infinite.count > 0) throw complain(infinite.line, 'an infinite number');
  if (min < 0) throw complain(undefined, String(min));
}

/** The columns of the test file, by the names of those of the training file, or by their places. */
function matching(test: Table, { table, pixels, label }: PixelTable): PixelTable {
  const at = (column: number): number => {
    const { name } = table.columns[column]!;
    const found = table.header && test.header ? findColumn(test, name) : column;
    if (found !== undefined && found < test.columns.length) return found;
    throw new LockstepError('data', {
      where: test.file,
      expected: `the column ${JSON.stringify(name)} of ${table.file}`,
      got: listed(test.columns.map(({ name }) => name)),
      hint:
        'rows without labels are for `train predict`; ' +
        'a test set with another name can be given as data.test',
    });
  };
  const matched = { table: test, pixels: pixels.map(at), label: at(label) };
  for (const column of matched.pixels) refuseNoPixel(test, column);
  return matched;
}

/** Whole numbers are classes as they are, words are named. */
function labelsOf(file: string, columns: readonly TargetColumn[]): Targets {
  const { name: column, kind, distinct } = columns[0]!;
  const largest = distinct.at(-1) ?? 0;
  const numbers = kind === 'number' && distinct.every((value) => Number.isInteger(value) && value >= 0);
  if (numbers && largest <= 255) return { kind: 'classes', count: largest + 1, column };
  return targetsFor(file, columns, ['classes']);
}

function samplesOf(
  { table, pixels, label }: PixelTable,
  targets: Targets,
  columns: readonly TargetColumn[],
  white: number,
): Samples {
  const { count } = table;
  const features = new Uint8Array(allocateShared(count * pixels.length));
  for (const [p, at] of pixels.entries()) {
    for (const [row, value] of table.column(at).entries()) {
      features[row * pixels.length + p] = Math.min(255, byteOf(value, white));
    }
  }
  const read = targetReader(targets, columns);
  const labels = allocateTargets(count, targets);
  for (const [row, value] of table.column(label).entries()) labels[row] = read(0, value);
  return { count, features, targets: labels };
}
