/** Some samples of a data set in some order. */
import type { PackedImages } from '../kernels/image-lists.ts';
import type { Samples } from './dataset.ts';

export interface SampleSet {
  samples: Samples;
  /** Indices of the samples; undefined: all of them, as they come. */
  order: Uint32Array | undefined;
  count: number;
  /** The images of `samples`, if the network reads lists of pixels. */
  packed: PackedImages | undefined;
}

/** Index in the data set of the sample at this place of the set. */
export function sampleAt({ order }: SampleSet, place: number): number {
  return order ? order[place]! : place;
}

/** Indices in the data set of the `count` samples from place `first` of the set on. */
export function samplesAt({ order }: SampleSet, first: number, count: number): Uint32Array {
  return order
    ? order.subarray(first, first + count)
    : Uint32Array.from({ length: count }, (_, i) => first + i);
}
