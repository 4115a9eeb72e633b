/** Checks of a data set that a program passes: nothing may be read or written outside its arrays. */

import { type Targets, targetWidth, tasks } from '../contracts/task.ts';
import { checkObject, checkWhole, shown, wrongKind, wrongValue } from '../foundation/check.ts';
import { mostClasses, mostDenseClasses } from '../foundation/confusion.ts';
import { limits } from '../foundation/limits.ts';
import { columnsOf, type Dataset, type Features, type Samples } from './dataset.ts';

/** The most pixels of the longer side of an image, and columns of a table. */
export const longestSide: number = limits.pictureSide;

const whatItIs = 'a data set, as openDataset or datasetOf gives it';

/** @throws TypeError or RangeError in the form `dataset.train.targets[3]: expected ..., got ...` */
export function checkDataset(dataset: unknown): asserts dataset is Dataset {
  const { features, targets, train, test } = checkObject('dataset', dataset, whatItIs);
  checkFeatures('dataset.features', features);
  checkTargets('dataset.targets', targets);
  checkSamples('dataset.train', train, features, targets, 1);
  checkSamples('dataset.test', test, features, targets, 0);
}

function checkFeatures(label: string, given: unknown): asserts given is Features {
  const { kind, shape, columns } = checkObject(label, given, 'what a sample is: { kind, shape }');
  if (kind !== 'bytes' && kind !== 'floats') throw wrongValue(`${label}.kind`, 'bytes or floats', kind);
  if (!Array.isArray(shape)) throw wrongKind(`${label}.shape`, 'an array of sizes', shape);
  const sizes = kind === 'bytes' ? 3 : 1;
  if (shape.length !== sizes) throw wrongValue(`${label}.shape`, `${sizes} sizes`, shape.length);
  for (const [i, size] of shape.entries()) checkWhole(`${label}.shape[${i}]`, size, 1, longestSide);
  if (kind === 'bytes') return;
  if (!Array.isArray(columns)) throw wrongKind(`${label}.columns`, 'an array of columns', columns);
  if (columns.length !== shape[0])
    throw wrongValue(`${label}.columns`, `${shape[0]} columns`, columns.length);
}

function checkTargets(label: string, given: unknown): asserts given is Targets {
  const { kind, count, names } = checkObject(label, given, 'what is to be predicted: { kind, ... }');
  if (!tasks.includes(kind as (typeof tasks)[number])) {
    throw wrongValue(`${label}.kind`, 'classes, values or flags', kind);
  }
  if (kind === 'classes') checkWhole(`${label}.count`, count, 1, mostClasses);
  if (kind === 'classes' && names === undefined) return;
  if (!Array.isArray(names) || names.length === 0)
    throw wrongKind(`${label}.names`, 'an array of names', names);
  if (kind === 'classes' && names.length !== count) {
    throw wrongValue(`${label}.names`, `${count} names, one for each class`, names.length);
  }
}

/** Checks samples of these features and targets, at least `least` of them. */
export function checkSamples(
  label: string,
  samples: unknown,
  features: Features,
  targets: Targets,
  least = 0,
): asserts samples is Samples {
  const { count, targets: given } = checkObject(label, samples, 'samples: { count, features, targets }');
  checkRows(label, samples, features, least);
  const name = `${label}.targets`;
  const width = targetWidth(targets);
  if (targets.kind === 'classes') {
    const bytes = targets.count <= mostDenseClasses;
    if (!(bytes ? given instanceof Uint8Array : given instanceof Uint16Array)) {
      throw wrongKind(name, `a ${bytes ? 'Uint8Array' : 'Uint16Array'} of classes`, given);
    }
  } else if (!(given instanceof Float64Array)) {
    throw wrongKind(name, 'a Float64Array', given);
  }
  const numbers = given as Uint8Array | Uint16Array | Float64Array;
  const size = (count as number) * width;
  if (numbers.length !== size) throw wrongValue(name, `${size} ${what(targets)}`, numbers.length);
  const strange = (numbers as Float64Array).findIndex((value) => !allowed(targets, value));
  if (strange < 0) return;
  throw wrongValue(`${name}[${strange}]`, oneOf(targets), numbers[strange]);
}

const what = ({ kind }: Targets) => (kind === 'classes' ? 'labels' : kind);

function allowed(targets: Targets, value: number): boolean {
  if (targets.kind === 'classes') return value < targets.count;
  return targets.kind === 'flags' ? value === 0 || value === 1 : Number.isFinite(value);
}

function oneOf(targets: Targets): string {
  if (targets.kind === 'classes') return `a class from 0 to ${targets.count - 1}`;
  return targets.kind === 'flags' ? '0 or 1' : 'a finite number';
}

/** Checks rows of these features, whose targets are unknown. */
export function checkRows(label: string, given: unknown, features: Features, least = 0): void {
  const { count, features: numbers } = checkObject(label, given, 'rows: { count, features }');
  checkWhole(`${label}.count`, count, least, Number.MAX_SAFE_INTEGER);
  const columns = columnsOf(features);
  const size = (count as number) * columns;
  if (features.kind === 'bytes') {
    if (!(numbers instanceof Uint8Array)) {
      throw wrongKind(`${label}.features`, 'bytes 0 to 255 (a Uint8Array)', numbers);
    }
    if (numbers.length === size) return;
    throw new RangeError(
      `${label}.features: expected ${size} bytes, ${count} images of ${columns} pixels, ` +
        `got ${numbers.length}`,
    );
  }
  if (!(numbers instanceof Float64Array)) throw wrongKind(`${label}.features`, 'a Float64Array', numbers);
  if (numbers.length !== size) {
    throw wrongValue(`${label}.features`, `${count} rows of ${columns} numbers`, numbers.length);
  }
  for (const [c, column] of features.columns.entries()) {
    if (column.kind !== 'category') continue;
    for (let at = c; at < numbers.length; at += columns) {
      const value = numbers[at]!;
      if (Number.isNaN(value) || (Number.isInteger(value) && value >= 0 && value <= column.words.length))
        continue;
      throw new RangeError(
        `${label}.features[${at}]: expected NaN or the index of a word of ${shown(column.name)}, ` +
          `0 to ${column.words.length - 1}, or ${column.words.length} for one that is not listed, ` +
          `got ${shown(value)}`,
      );
    }
  }
}
