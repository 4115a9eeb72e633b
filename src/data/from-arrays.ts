/** A data set made of arrays that a program has. */
import { checkObject, checkText, checkWhole, wrongKind, wrongValue } from '../foundation/check.ts';
import { longestSide, mostClasses } from './check.ts';
import { allocateSamples, type Dataset, type Samples } from './dataset.ts';

/** Pixels 0 to 255, row-major: one array of all images, one after the other, or a list of arrays. */
export type PixelArrays = Uint8Array | Uint8ClampedArray | readonly ArrayLike<number>[];

export interface ArraySamples {
  images: PixelArrays;
  /** Class of each image, from 0. */
  labels: ArrayLike<number>;
}

export interface ArrayDataset {
  /** For headers and summaries. */
  name?: string;
  /** Pixels of an image. Samples that are no images have a height of 1. */
  height: number;
  width: number;
  /** The largest label plus one, unless it is said. */
  classes?: number;
  train: ArraySamples;
  /** What the trained network is judged by. */
  test: ArraySamples;
}

/**
 * Copies arrays into a data set.
 *
 *     const dataset = datasetOf({
 *       height: 28,
 *       width: 28,
 *       train: { images, labels }, // a Uint8Array of 28 * 28 bytes an image, and a class for each
 *       test: { images: others, labels: theirClasses },
 *     });
 *
 * @throws TypeError or RangeError, such as `train.labels[3]: expected a class from 0 to 9, got 10`
 */
export function datasetOf(given: ArrayDataset): Dataset {
  const {
    name = 'arrays',
    height,
    width,
    classes,
    train,
    test,
  } = checkObject('datasetOf', given, 'an object with height, width, train and test');
  checkText('name', name);
  checkWhole('height', height, 1, longestSide);
  checkWhole('width', width, 1, longestSide);
  if (classes !== undefined) checkWhole('classes', classes, 1, mostClasses);
  const pixels = (height as number) * (width as number);
  const most = (classes as number | undefined) ?? mostClasses;
  const [training, testing] = [
    copySamples('train', train, pixels, most),
    copySamples('test', test, pixels, most),
  ];
  if (training.count === 0) throw wrongValue('train.images', 'at least one image', 0);
  const largest = Math.max(
    ...[training, testing].map(({ labels }) => labels.reduce((a, b) => Math.max(a, b), 0)),
  );
  return {
    name: name as string,
    height: height as number,
    width: width as number,
    classes: (classes as number | undefined) ?? largest + 1,
    train: training,
    test: testing,
  };
}

function copySamples(label: string, given: unknown, pixels: number, classes: number): Samples {
  const { images, labels } = checkObject(label, given, 'samples: { images, labels }');
  if (!isArrayLike(labels)) throw wrongKind(`${label}.labels`, 'an array of classes', labels);
  const { length } = labels;
  const samples = allocateSamples(length, pixels);
  copyImages(`${label}.images`, images, samples.images, length, pixels);
  for (let i = 0; i < length; i++) {
    samples.labels[i] = checkWhole(`${label}.labels[${i}]`, Number(labels[i]), 0, classes - 1);
  }
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
