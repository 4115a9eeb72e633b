/**
 * A data set in memory: the bytes of its files, shared by all threads and never copied.
 *
 * Letters: `count` samples, `height` x `width` pixels an image.
 */
import { allocateShared } from '../platform/shared-memory.ts';

/** A set of labelled images. Both arrays are views of shared memory. */
export interface Samples {
  count: number;
  /** Pixels 0-255, row-major, image after image. (count, height * width) */
  images: Uint8Array<SharedArrayBuffer>;
  /** Class of each image, 0 to classes - 1. (count) */
  labels: Uint8Array<SharedArrayBuffer>;
}

export interface Dataset {
  /** The user's name for it, for headers and summaries: `mnist`, a folder, a file. */
  name: string;
  height: number;
  width: number;
  /** Number of classes: the largest label of the training set and test set, plus one. */
  classes: number;
  train: Samples;
  test: Samples;
}

/** Allocates `count` images of `pixels` bytes and their labels, shared between threads. */
export function allocateSamples(count: number, pixels: number): Samples {
  return {
    count,
    images: new Uint8Array(allocateShared(count * pixels)),
    labels: new Uint8Array(allocateShared(count)),
  };
}
