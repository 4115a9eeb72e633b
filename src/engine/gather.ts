/** How the samples of a minibatch come to the layers that read them: as numbers, or as lists of pixels. */
import { type SampleSet, sampleAt, samplesAt } from '../data/sample-set.ts';
import type { Matrix, Range, Vector } from '../foundation/shapes.ts';
import type { ImageLists } from '../kernels/image-lists.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Operand } from '../operands/operand.ts';
import { featureLister, listsOperand } from '../operands/pixels.ts';
import { type Timed, untimed } from './profile.ts';

/** Rows of a minibatch, or of a block of an evaluation: row r is sample `first + r` of the set. */
export interface SampleRows {
  set: SampleSet;
  first: number;
}

export interface SampleInput {
  /** How the layers multiply with the samples; undefined: by the numbers in x. */
  readonly operand: Operand | undefined;
  /**
   * The layers that read the samples go forward by columns, in a phase of their own that comes first: so a
   * thread multiplies with the weights that it also updates.
   */
  readonly byColumns: boolean;
  /** Brings these rows to where the layers read them. */
  gather(from: SampleRows, rows: Range): void;
  /** Brings what the gradient of these features reads, of a minibatch of so many rows. */
  gatherFeatures(from: SampleRows, rows: number, features: Range): void;
  /** Another minibatch comes. */
  forget(): void;
}

/** What to do with one image: into row `row` of x. */
export type LoadImage = (image: Uint8Array, x: Matrix, row: number, sample: number) => void;

/** The samples as numbers in x. */
export function numbersInput(x: Matrix, load: LoadImage): SampleInput {
  return {
    operand: undefined,
    byColumns: false,
    gather: ({ set, first }, rows) => loadImages(set, first, rows, load, x),
    gatherFeatures() {},
    forget() {},
  };
}

/**
 * The samples as lists of the pixels that are not zero; x stays empty.
 *
 * @param sharing threads that share the panels of a layer
 */
export function listsInput(
  kernels: Kernels,
  lists: ImageLists,
  pixels: number,
  { sharing = 1, timed = untimed }: { sharing?: number; timed?: Timed } = {},
): SampleInput {
  const lister = featureLister(kernels, lists, pixels, sharing, (work) => timed('gather', work));
  return {
    operand: listsOperand(kernels, lists),
    byColumns: true,
    gather: ({ set, first }, rows) =>
      kernels.images!.listRows(set.packed!, samplesAt(set, first + rows.first, rows.count), lists),
    gatherFeatures({ set, first }, rows, features) {
      const at = (row: number, count: number) => samplesAt(set, first + row, count);
      lister.list({ packed: set.packed!, at }, rows, features);
    },
    forget: lister.forget,
  };
}

/** Puts samples into these rows of x: those that come at `first` of the set, and so on. */
export function loadImages(set: SampleSet, first: number, rows: Range, load: LoadImage, x: Matrix): void {
  const { images } = set.samples;
  const pixels = x.columns;
  if (set.order) fetchImages(images, set.order, first + rows.first, rows.count, pixels);
  for (let row = rows.first; row < rows.first + rows.count; row++) {
    const sample = sampleAt(set, first + row);
    load(images.subarray(sample * pixels, (sample + 1) * pixels), x, row, sample);
  }
}

/** Puts their classes into these rows. */
export function loadLabels(
  { elements }: Kernels,
  set: SampleSet,
  first: number,
  rows: Range,
  label: Vector,
): void {
  const { labels } = set.samples;
  for (let row = rows.first; row < rows.first + rows.count; row++) {
    elements[label.offset + row] = labels[sampleAt(set, first + row)]!;
  }
}

/** Bytes of a cache line. */
const line = 64;
/** Where a sum goes that nobody asks for, so that what makes it is not left out. */
const sink = { sum: 0 };

/**
 * Reads a byte of each cache line of some images. They lie anywhere in the data set. If the lines are asked
 * for one right after the other, the memory answers many at a time; copying asks for too few.
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
