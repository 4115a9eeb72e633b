/** The layers of a network, built over some matrices, and the samples that go into the first. */

import type { Draw, Layer } from '../contracts/layer.ts';
import type { Samples } from '../data/dataset.ts';
import type { Matrix, Range, Vector } from '../foundation/shapes.ts';
import type { ImageLists, PackedImages } from '../kernels/image-lists.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { catalogue } from '../model/catalogue.ts';
import type { MemoryMap } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';

/** Some samples of a data set in some order. */
export interface SampleSet {
  samples: Samples;
  /** Indices of the samples; undefined: all of them, as they come. */
  order: Uint32Array | undefined;
  count: number;
  /** The images of `samples`, where the network reads lists of pixels. */
  packed: PackedImages | undefined;
}

/** What to do with one image: into row `row` of x. */
export type LoadImage = (image: Uint8Array, x: Matrix, row: number, sample: number) => void;

/** Puts samples into these rows of x: those that come at `first` of the set, and so on. */
export function loadImages(
  { samples: { images }, order }: SampleSet,
  first: number,
  rows: Range,
  load: LoadImage,
  x: Matrix,
): void {
  const pixels = x.columns;
  if (order) fetchImages(images, order, first + rows.first, rows.count, pixels);
  for (let row = rows.first; row < rows.first + rows.count; row++) {
    const sample = order ? order[first + row]! : first + row;
    load(images.subarray(sample * pixels, (sample + 1) * pixels), x, row, sample);
  }
}

/** Puts their classes into these rows. */
export function loadLabels(
  { elements }: Kernels,
  { samples: { labels }, order }: SampleSet,
  first: number,
  rows: Range,
  label: Vector,
): void {
  for (let row = rows.first; row < rows.first + rows.count; row++) {
    elements[label.offset + row] = labels[order ? order[first + row]! : first + row]!;
  }
}

/** Which samples of the data set come at `first` of the set, and so on. */
export function samplesAt({ order }: SampleSet, first: number, count: number): Uint32Array {
  return order
    ? order.subarray(first, first + count)
    : Uint32Array.from({ length: count }, (_, i) => first + i);
}

/** Bytes of a cache line. */
const line = 64;
/** Where a sum goes that nobody asks for, so that what makes it is not left out. */
const sink = { sum: 0 };

/**
 * Reads a byte of each cache line of some images. They lie anywhere in the data set, and when the lines are asked for one right after the
 * other, the memory answers many at a time; copying asks for too few.
 */
function fetchImages(
  images: Uint8Array,
  order: Uint32Array,
  first: number,
  count: number,
  pixels: number,
): void {
  let sum = 0;
  for (let i = first; i < first + count; i++) {
    const start = order[i]! * pixels;
    for (let at = start; at < start + pixels; at += line) sum += images[at]!;
  }
  sink.sum = sum;
}

export function buildLayers(
  network: NetworkPlan,
  map: MemoryMap,
  kernels: Kernels,
  values: readonly Matrix[],
  gradients: readonly (Matrix | undefined)[],
  draw: Draw,
  training: boolean,
  lists?: ImageLists,
): Layer[] {
  return network.nodes.map(({ role, other, config, plan, parameters, state, x, y, samples }, node): Layer => {
    if (role === 'fork') {
      const [dx, dy, also] = [gradients[x], gradients[y], gradients[other!]];
      return { forward() {}, backward: (rows) => kernels.add(dy!, also!, dx!, rows) };
    }
    if (role === 'join') {
      return { forward: (rows) => kernels.add(values[x]!, values[other!]!, values[y]!, rows), backward() {} };
    }
    return catalogue.layer.get(config.kind)!.build(config, {
      kernels,
      x: values[x]!,
      y: values[y]!,
      dx: gradients[x],
      dy: gradients[y],
      parameters: Object.fromEntries(
        plan.parameters.map(({ name }, i) => [name, map.parameters[parameters[i]!]!]),
      ),
      state: Object.fromEntries((plan.state ?? []).map(({ name }, i) => [name, map.state[state[i]!]!])),
      statistics: map.statistics[node]!,
      lists: samples ? lists : undefined,
      training,
      index: node,
      draw,
    });
  });
}
