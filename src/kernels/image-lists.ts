/**
 * Lists of the pixels of a minibatch that are not zero, once by image and once by pixel: what the products of an input layer
 * read instead of the images. Any thread can list some images or some pixels; all threads, and all layers that read the images,
 * use the same lists.
 *
 * By image, the entries are (offset of a row of W in its panel, value), and a head says where each piece of the list begins. By pixel,
 * two neighbours have one list of (offset of a row of dy, value, value), for each sum of at most `longestSum` rows. See
 * assembly/sparse-rows.ts and sparse-pairs.ts.
 */
import { longestSum, roundUp } from '../foundation/shape.ts';

/** Columns in a piece of an image's list, see assembly/sparse-rows.ts. */
const pieceColumns = 448;

/** Where the lists of up to so many images lie. Offsets and strides in elements. */
export interface ImageLists {
  /** Where the pieces of each image's list begin and the last one ends. (images, headStride) */
  heads: number;
  headStride: number;
  /** Room for all pixels of each image. */
  entries: number;
  entryStride: number;
  /** By pixel, for each stride that dy can have. */
  features: readonly FeatureLists[];
}

/** The lists by pixel, for dy of one stride. */
export interface FeatureLists {
  dyStride: number;
  /** Of each cut: where the list of each pair of pixels begins (pairs), then room for the lists (pairs, pairStride). */
  cuts: number;
  cutStride: number;
  pairs: number;
  pairStride: number;
}

/**
 * The lists of up to so many images, for layers whose dy have these strides, in the room that `place` gives, at a multiple of
 * 4 elements.
 */
export function imageLists(
  images: number,
  pixels: number,
  dyStrides: readonly number[],
  place: (size: number) => number,
): ImageLists {
  const headStride = Math.ceil(pixels / pieceColumns) + 1;
  const entryStride = 2 * pixels;
  const pairs = roundUp(Math.ceil(pixels / 2), 4);
  const pairStride = pairListSize(Math.min(images, longestSum));
  const cutStride = roundUp(pairs + pairs * pairStride, 4);
  const entries = roundUp(images * headStride, 4);
  const cuts = entries + roundUp(images * entryStride, 4);
  const cutsSize = Math.ceil(images / longestSum) * cutStride;
  const strides = [...new Set(dyStrides)];
  const heads = place(cuts + strides.length * cutsSize);
  return {
    heads,
    headStride,
    entries: heads + entries,
    entryStride,
    features: strides.map((dyStride, index) => ({
      dyStride,
      cuts: heads + cuts + index * cutsSize,
      cutStride,
      pairs,
      pairStride,
    })),
  };
}

/** Elements of the lists of one thread's rows and pairs of numbers: see kernelScratch. */
export function numberListsSize(rows: number, columns: number, pairs: number, pairRows: number): number {
  const byRow = roundUp(rows * (Math.ceil(columns / pieceColumns) + 1), 4) + 2 * rows * columns;
  const byPair = roundUp(pairs, 4) + pairs * pairListSize(pairRows);
  return Math.max(byRow, byPair);
}

/** The length, then 3 elements for each row. */
const pairListSize = (rows: number) => 1 + 3 * rows;
