/** Checks of a data set that a program passes: nothing may be read or written outside its arrays. */
import { checkObject, checkWhole, shown, wrongKind, wrongValue } from '../foundation/check.ts';
import type { Dataset, Samples } from './dataset.ts';

/** The most classes: a label is one byte. */
export const mostClasses = 256;
/** The most pixels of the longer side of an image. */
export const longestSide = 65_535;

const whatItIs = 'a data set, as openDataset or datasetOf gives it';

/** @throws TypeError or RangeError in the form `dataset.train.labels[3]: expected ..., got ...` */
export function checkDataset(dataset: unknown): asserts dataset is Dataset {
  const { height, width, classes, train, test } = checkObject('dataset', dataset, whatItIs);
  checkWhole('dataset.height', height, 1, longestSide);
  checkWhole('dataset.width', width, 1, longestSide);
  checkWhole('dataset.classes', classes, 1, mostClasses);
  const pixels = (height as number) * (width as number);
  checkSamples('dataset.train', train, pixels, classes as number, 1);
  checkSamples('dataset.test', test, pixels, classes as number, 0);
}

/** Checks samples of this many pixels and classes, at least `least` of them. */
export function checkSamples(
  label: string,
  samples: unknown,
  pixels: number,
  classes: number,
  least = 0,
): asserts samples is Samples {
  const { count, labels } = checkObject(label, samples, 'samples: { count, images, labels }');
  checkImages(label, samples, pixels, least);
  if (!(labels instanceof Uint8Array)) throw wrongKind(`${label}.labels`, 'a Uint8Array', labels);
  if (labels.length !== count) throw wrongValue(`${label}.labels`, `${count} labels`, labels);
  checkLabels(`${label}.labels`, labels, classes);
}

/** Checks images of this many pixels, whose classes are unknown. */
export function checkImages(label: string, given: unknown, pixels: number, least = 0): void {
  const { count, images } = checkObject(label, given, 'images: { count, images }');
  checkWhole(`${label}.count`, count, least, Number.MAX_SAFE_INTEGER);
  if (!(images instanceof Uint8Array)) {
    throw wrongKind(`${label}.images`, 'bytes 0 to 255 (a Uint8Array)', images);
  }
  const size = (count as number) * pixels;
  if (images.length === size) return;
  throw new RangeError(
    `${label}.images: expected ${size} bytes, ${count} images of ${pixels} pixels, got ${images.length}`,
  );
}

function checkLabels(label: string, labels: Uint8Array, classes: number): void {
  const strange = labels.findIndex((value) => value >= classes);
  if (strange < 0) return;
  throw new RangeError(
    `${label}[${strange}]: expected a class from 0 to ${classes - 1}, got ${shown(labels[strange])}`,
  );
}
