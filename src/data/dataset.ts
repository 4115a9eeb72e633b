/**
 * A data set in memory: what its files hold, shared by all threads and never copied.
 *
 * Letters: `count` samples; `columns` numbers a sample, the product of its shape.
 */
import { type Targets, targetWidth } from '../contracts/task.ts';
import { mostDenseClasses } from '../foundation/confusion.ts';
import { allocateShared } from '../platform/shared-memory.ts';
import type { NumberForm } from './formats/table/number-form.ts';

/** What a sample is. Plain data. */
export type Features =
  /**
   * A picture: pixels 0-255, row-major, the channels of a pixel side by side. `white`: the number of a white
   * pixel in the files, if they were scaled to bytes from something else.
   */
  | {
      readonly kind: 'bytes';
      readonly shape: readonly [height: number, width: number, channels: number];
      readonly white?: number;
    }
  /** A row of a table: a number for each column, as it was read. */
  | {
      readonly kind: 'floats';
      readonly shape: readonly [columns: number];
      readonly columns: readonly Column[];
    };

/** A column of a table. A missing cell is NaN. */
export type Column =
  /** `form`: how its numbers are written in the files, if not plainly. */
  | { readonly kind: 'number'; readonly name: string; readonly form?: NumberForm }
  /** A cell is the index of its word, or the number of words for one that is not listed. */
  | { readonly kind: 'category'; readonly name: string; readonly words: readonly string[] };

export type FeatureArray = Uint8Array<SharedArrayBuffer> | Float64Array<SharedArrayBuffer>;
export type TargetArray =
  | Uint8Array<SharedArrayBuffer>
  | Uint16Array<SharedArrayBuffer>
  | Float64Array<SharedArrayBuffer>;

/** Samples with what is to be predicted. The arrays are views of shared memory. */
export interface Samples {
  count: number;
  /** Sample after sample: bytes of pictures, float64 of tables. (count, columns) */
  features: FeatureArray;
  /**
   * Classes: the class of each sample, as bytes, or of more than 256 classes as 16-bit numbers. (count)
   * Values and flags: float64, in the user's units. (count, names)
   */
  targets: TargetArray;
  /** Which samples belong together, by a number for each; undefined: none do. (count) */
  groups?: Uint32Array;
}

export interface Dataset {
  /** The user's name for it, for headers and summaries: `mnist`, a folder, a file. */
  name: string;
  features: Features;
  targets: Targets;
  train: Samples;
  test: Samples;
  /** What was decided when it was read, for people: one line each. */
  notes?: readonly string[];
}

/** Numbers that a sample is made of. */
export function columnsOf({ shape }: Pick<Features, 'shape'>): number {
  return shape.reduce<number>((product, size) => product * size, 1);
}

/** Allocates `count` samples and their targets, shared between threads. */
export function allocateSamples(count: number, features: Features, targets: Targets): Samples {
  return {
    count,
    features: allocateFeatures(count, features),
    targets: allocateTargets(count, targets),
  };
}

/** Grey pictures with classes: as many as the largest label says. */
export function greyPictures(
  name: string,
  { height, width }: { height: number; width: number },
  train: Samples,
  test: Samples,
): Dataset {
  const features: Features = { kind: 'bytes', shape: [height, width, 1] };
  return { name, features, targets: { kind: 'classes', count: largestLabel(train, test) + 1 }, train, test };
}

/** The largest class of these samples. */
export function largestLabel(...sets: readonly Samples[]): number {
  let largest = 0;
  for (const { targets } of sets) for (const label of targets) if (label > largest) largest = label;
  return largest;
}

/** Allocates grey pictures of so many pixels, with labels that are bytes. */
export function allocateImages(count: number, pixels: number): Samples {
  return {
    count,
    features: new Uint8Array(allocateShared(count * pixels)),
    targets: new Uint8Array(allocateShared(count)),
  };
}

export function allocateFeatures(count: number, features: Features): FeatureArray {
  const size = count * columnsOf(features);
  return features.kind === 'bytes'
    ? new Uint8Array(allocateShared(size))
    : new Float64Array(allocateShared(8 * size));
}

export function allocateTargets(count: number, targets: Targets): TargetArray {
  if (targets.kind !== 'classes') return new Float64Array(allocateShared(8 * count * targetWidth(targets)));
  return targets.count <= mostDenseClasses
    ? new Uint8Array(allocateShared(count))
    : new Uint16Array(allocateShared(2 * count));
}
