/** A data set made of arrays that a program has. */
import type { Targets, Task } from '../contracts/task.ts';
import { targetWidth, tasks } from '../contracts/task.ts';
import { checkObject, checkText, checkWhole, wrongKind, wrongValue } from '../foundation/check.ts';
import { mostClasses } from '../foundation/confusion.ts';
import { longestSide } from './check.ts';
import {
  allocateFeatures,
  allocateTargets,
  type Column,
  type Dataset,
  type Features,
  type Samples,
} from './dataset.ts';

/** Pixels 0 to 255, row-major: one array of all images, one after the other, or a list of arrays. */
export type PixelArrays = Uint8Array | Uint8ClampedArray | readonly ArrayLike<number>[];

/** The columns of a table by their names: numbers, or words. */
export type TableColumns = Readonly<Record<string, readonly (number | string | null)[] | Float64Array>>;

export interface ArraySamples {
  images: PixelArrays;
  /** Class of each image, from 0. */
  labels: ArrayLike<number>;
}

export interface ArrayDataset {
  /** For headers and summaries. */
  name?: string;
  /** Pixels of an image. */
  height: number;
  width: number;
  /** 1 by default; 3 of colour pictures, side by side. */
  channels?: 1 | 3;
  /** The largest label plus one, unless it is said. */
  classes?: number;
  /** Names of the classes. */
  classNames?: readonly string[];
  train: ArraySamples;
  /** What the trained network is judged by. */
  test: ArraySamples;
}

export interface TableDataset {
  /** For headers and summaries. */
  name?: string;
  /** The columns that are predicted. */
  target: string | readonly string[];
  /** By default classes if the target is one column of words, else values. */
  task?: Task;
  /** Columns, of the same length. A missing cell is null or NaN. */
  train: TableColumns;
  /** What the trained network is judged by: the same columns. */
  test: TableColumns;
}

/**
 * Copies arrays into a data set: pictures, or the columns of a table.
 *
 *     const dataset = datasetOf({
 *       height: 28,
 *       width: 28,
 *       train: { images, labels }, // a Uint8Array of 28 * 28 bytes an image, and a class for each
 *       test: { images: others, labels: theirClasses },
 *     });
 *     const houses = datasetOf({
 *       target: 'price',
 *       train: { rooms: [3, 5], town: ['Ulm', 'Bonn'], price: [210, 320] },
 *       test: { rooms: [4], town: ['Ulm'], price: [250] },
 *     });
 *
 * @throws TypeError or RangeError, such as `train.labels[3]: expected a class from 0 to 9, got 10`
 */
export function datasetOf(given: ArrayDataset | TableDataset): Dataset {
  const object = checkObject('datasetOf', given, 'an object with height, width, train and test; or a target');
  return 'target' in object ? tableOf(object) : picturesOf(object);
}

function picturesOf(given: Record<string, unknown>): Dataset {
  const { name = 'arrays', height, width, channels = 1, classes, classNames, train, test } = given;
  checkText('name', name);
  checkWhole('height', height, 1, longestSide);
  checkWhole('width', width, 1, longestSide);
  checkWhole('channels', channels, 1, 3);
  if (classes !== undefined) checkWhole('classes', classes, 1, mostClasses);
  const shape = [height as number, width as number, channels as number] as const;
  const features: Features = { kind: 'bytes', shape };
  const sets = { train: checkSet('train', train), test: checkSet('test', test) };
  if (sets.train.labels.length === 0) throw wrongValue('train.images', 'at least one image', 0);
  const largest = Math.max(
    ...Object.entries(sets).map(([set, { labels }]) =>
      checkLabels(`${set}.labels`, labels, (classes as number) ?? mostClasses),
    ),
  );
  const count = (classes as number | undefined) ?? largest + 1;
  const targets: Targets = { kind: 'classes', count, ...namesOf(classNames, count) };
  const copy = (set: 'train' | 'test') => copySamples(set, sets[set], features, targets);
  return { name: name as string, features, targets, train: copy('train'), test: copy('test') };
}

function namesOf(given: unknown, count: number): { names?: readonly string[] } {
  if (given === undefined) return {};
  if (!Array.isArray(given)) throw wrongKind('classNames', 'an array of names', given);
  if (given.length !== count)
    throw wrongValue('classNames', `${count} names, one for each class`, given.length);
  for (const [c, name] of given.entries()) checkText(`classNames[${c}]`, name);
  return { names: [...given] };
}

interface CheckedSet {
  images: unknown;
  labels: ArrayLike<unknown>;
}

function checkSet(label: string, given: unknown): CheckedSet {
  const { images, labels } = checkObject(label, given, 'samples: { images, labels }');
  if (!isArrayLike(labels)) throw wrongKind(`${label}.labels`, 'an array of classes', labels);
  return { images, labels };
}

/** The largest label, or 0. */
function checkLabels(label: string, labels: ArrayLike<unknown>, classes: number): number {
  let largest = 0;
  for (let i = 0; i < labels.length; i++) {
    largest = Math.max(largest, checkWhole(`${label}[${i}]`, Number(labels[i]), 0, classes - 1));
  }
  return largest;
}

function copySamples(
  label: string,
  { images, labels }: CheckedSet,
  features: Features,
  targets: Targets,
): Samples {
  const { length: count } = labels;
  const pixels = features.shape.reduce<number>((a, b) => a * b, 1);
  const samples: Samples = {
    count,
    features: allocateFeatures(count, features),
    targets: allocateTargets(count, targets),
  };
  copyImages(`${label}.images`, images, samples.features as Uint8Array, count, pixels);
  for (let i = 0; i < count; i++) samples.targets[i] = Number(labels[i]);
  return samples;
}

/** Images as bytes: `count` of so many pixels. */
export function copyImages(
  label: string,
  given: unknown,
  into: Uint8Array,
  count: number,
  pixels: number,
): void {
  if (given instanceof Uint8Array || given instanceof Uint8ClampedArray) {
    if (given.length !== count * pixels) {
      throw wrongValue(label, `${count * pixels} bytes, ${count} images of ${pixels} pixels`, given.length);
    }
    into.set(given);
    return;
  }
  if (!Array.isArray(given)) {
    throw wrongKind(label, 'bytes 0 to 255 (a Uint8Array), or a list with the pixels of each image', given);
  }
  if (given.length !== count) throw wrongValue(label, `${count} images, one for each label`, given.length);
  for (const [i, image] of given.entries()) {
    if (!isArrayLike(image)) throw wrongKind(`${label}[${i}]`, `an array of ${pixels} pixels`, image);
    if (image.length !== pixels) throw wrongValue(`${label}[${i}]`, `${pixels} pixels`, image.length);
    for (let k = 0; k < pixels; k++) {
      const pixel = image[k];
      if (typeof pixel !== 'number' || !Number.isInteger(pixel) || pixel < 0 || pixel > 255) {
        throw wrongValue(`${label}[${i}][${k}]`, 'a whole number from 0 to 255', pixel);
      }
      into[i * pixels + k] = pixel;
    }
  }
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Number.isInteger((value as { length?: unknown }).length);
}

/** A table as its columns. */
function tableOf(given: Record<string, unknown>): Dataset {
  const { name = 'arrays', target, task, train, test } = given;
  checkText('name', name);
  if (task !== undefined && !tasks.includes(task as Task)) {
    throw wrongValue('task', 'classes, values or flags', task);
  }
  const asked = Array.isArray(target) ? target : [target];
  if (asked.length === 0) throw wrongValue('target', 'at least one column', 0);
  for (const [i, one] of asked.entries()) checkText(Array.isArray(target) ? `target[${i}]` : 'target', one);
  const sets = { train: checkColumns('train', train), test: checkColumns('test', test) };
  const names = Object.keys(sets.train.columns).filter((column) => !asked.includes(column));
  for (const wanted of [...names, ...asked]) {
    for (const [set, { columns }] of Object.entries(sets)) {
      if (!(wanted in columns)) throw wrongKind(`${set}.${wanted}`, 'a column', undefined);
    }
  }
  if (names.length === 0) throw wrongValue('train', 'a column beside the target', 0);
  const columns = names.map((column) => columnOf(column, sets.train.columns[column]!, 'train'));
  const features: Features = { kind: 'floats', shape: [columns.length], columns };
  const targets = targetsOf(asked as string[], task as Task | undefined, sets);
  const fill = (set: 'train' | 'test') => fillSamples(set, sets[set], features, targets, asked as string[]);
  return { name: name as string, features, targets, train: fill('train'), test: fill('test') };
}

interface CheckedColumns {
  count: number;
  columns: Record<string, ArrayLike<unknown>>;
}

function checkColumns(label: string, given: unknown): CheckedColumns {
  const columns = checkObject(label, given, 'columns by their names: { height: [...], ... }');
  let count: number | undefined;
  for (const [name, column] of Object.entries(columns)) {
    if (!isArrayLike(column)) throw wrongKind(`${label}.${name}`, 'an array', column);
    count ??= column.length;
    if (column.length !== count) throw wrongValue(`${label}.${name}`, `${count} cells`, column.length);
  }
  if (!count && label === 'train') throw wrongValue(label, 'at least one row', count ?? 0);
  return { count: count ?? 0, columns: columns as Record<string, ArrayLike<unknown>> };
}

const isMissing = (cell: unknown) => cell === null || cell === undefined || Number.isNaN(cell);

/** A column is numbers, or words. */
function columnOf(name: string, cells: ArrayLike<unknown>, label: string): Column {
  const words = new Set<string>();
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (typeof cell === 'string') words.add(cell);
    else if (!isMissing(cell) && !Number.isFinite(cell)) {
      throw wrongKind(`${label}.${name}[${i}]`, 'a finite number, a word, or null', cell);
    }
  }
  if (words.size === 0) return { kind: 'number', name };
  for (let i = 0; i < cells.length; i++) {
    if (typeof cells[i] === 'number' && !isMissing(cells[i])) {
      throw wrongKind(`${label}.${name}[${i}]`, 'a word, as in other rows', cells[i]);
    }
  }
  return { kind: 'category', name, words: [...words] };
}

function targetsOf(
  asked: readonly string[],
  task: Task | undefined,
  { train }: Record<'train' | 'test', CheckedColumns>,
): Targets {
  const columns = asked.map((name) => columnOf(name, train.columns[name]!, 'train'));
  const [first] = columns;
  if (task === 'flags') return { kind: 'flags', names: asked };
  const words = first!.kind === 'category';
  if (task === 'values' || (task === undefined && !words)) return { kind: 'values', names: asked };
  if (columns.length > 1) throw wrongValue('target', 'one column of classes', columns.length);
  if (first!.kind === 'category') {
    const names = [...first!.words].sort();
    return { kind: 'classes', count: names.length, names };
  }
  return {
    kind: 'classes',
    count: checkLabels(`train.${asked[0]}`, train.columns[asked[0]!]!, mostClasses) + 1,
  };
}

function fillSamples(
  label: string,
  { count, columns }: CheckedColumns,
  features: Features & { kind: 'floats' },
  targets: Targets,
  asked: readonly string[],
): Samples {
  const samples: Samples = {
    count,
    features: allocateFeatures(count, features),
    targets: allocateTargets(count, targets),
  };
  const width = features.columns.length;
  for (const [c, column] of features.columns.entries()) {
    const index =
      column.kind === 'category' ? new Map(column.words.map((word, at) => [word, at])) : undefined;
    for (let i = 0; i < count; i++) {
      const cell = columns[column.name]![i];
      samples.features[i * width + c] = cellOf(`${label}.${column.name}[${i}]`, cell, index);
    }
  }
  const each = targetWidth(targets);
  const names = targets.kind === 'classes' ? targets.names : undefined;
  const index = names && new Map(names.map((name, at) => [name, at]));
  for (const [c, name] of asked.entries()) {
    for (let i = 0; i < count; i++) {
      const place = `${label}.${name}[${i}]`;
      const value = cellOf(place, columns[name]![i], index);
      if (Number.isNaN(value)) throw wrongValue(place, 'a known target', columns[name]![i]);
      if (targets.kind === 'classes') checkWhole(place, value, 0, targets.count - 1);
      if (targets.kind === 'flags' && value !== 0 && value !== 1) throw wrongValue(place, '0 or 1', value);
      samples.targets[i * each + c] = value;
    }
  }
  return samples;
}

/** A cell as a number; a word that the training rows do not have is missing. */
function cellOf(place: string, cell: unknown, index: ReadonlyMap<string, number> | undefined): number {
  if (isMissing(cell)) return Number.NaN;
  if (!index) {
    if (!Number.isFinite(cell)) throw wrongKind(place, 'a finite number or null', cell);
    return cell as number;
  }
  if (typeof cell !== 'string') throw wrongKind(place, 'a word or null', cell);
  return index.get(cell) ?? Number.NaN;
}
