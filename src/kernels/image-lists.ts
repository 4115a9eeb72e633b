/**
 * What an input layer reads instead of the numbers of its images.
 *
 * Images are packed once for a whole training: four fifths of MNIST's pixels are zero, and are left out. In
 * each step a thread lists the pixels of the images that it needs, by image for y = x W + b, and by pixel for
 * the gradient xᵀ dy; all layers that read the images use the same lists. By image, the entries are (offset
 * of a row of W in its panel, value), and a head says where each piece of the list begins. By pixel, two
 * neighbours have one list of (value, value, offset of a row of dy), for each sum of at most `longestSum`
 * rows. See assembly/pack-images.ts, list-images.ts, sparse-rows.ts and sparse-pairs.ts.
 */
import { longestSum } from '../foundation/cuts.ts';
import { roundUp } from '../foundation/shapes.ts';

/** Where packed images lie. Offsets in elements. */
export interface PackedImages {
  count: number;
  pixels: number;
  /** Addresses: where each image begins, and where the last one ends. (count + 1) */
  starts: number;
  entries: number;
}

/** Where the lists of some rows and some pixels of a minibatch lie. Offsets and strides in elements. */
export interface ImageLists {
  /** Where the packed images begin and end that are listed. */
  images: number;
  /** Images that are listed at a time. */
  rows: number;
  /** Where the pieces of each image's list begin and the last one ends. (rows, headStride) */
  heads: number;
  /** Room for all pixels of these images, whose lists follow each other. */
  entries: number;
  /** Pixels there is room for: all, or where a minibatch has many cuts, those from a multiple of this on. */
  span: number;
  /** By pixel, for each stride that dy can have. */
  features: readonly FeatureLists[];
}

/** The lists by pixel, for dy of one stride. */
export interface FeatureLists {
  dyStride: number;
  /**
   * Of each cut: where the list of each pair of pixels begins and ends, and then one for what is not listed
   * (pairs + 1, 2), then room for the lists, likewise (pairs + 1, pairStride).
   */
  cuts: number;
  cutStride: number;
  pairs: number;
  pairStride: number;
}

/** Finds room for so many elements. */
export type Allocate = (size: number) => number;

/** The most rows of numbers whose pieces are listed at a time, see assembly/sparse-rows.ts. */
const mostNumberRows = 128;
/** Most columns in a piece of an image's list, see assembly/sparse-rows.ts. */
const pieceColumns = 448;
/**
 * Images that are listed at a time: enough for a panel of W that comes into a level-1 cache, few enough for a
 * level-2 cache.
 */
export const listedRows = 128;
/**
 * The fewest pixels that are listed at a time: as many as the largest block of the gradient has, or a
 * multiple of that.
 */
export const listedFeatures = 256;
/** Cuts of which all pixels are listed at a time. */
const fewCuts = 4;

/** Whole pieces, of which each pixel has an index of 16 bits; the last index is nobody's. */
const mostPixels = Math.floor(65_535 / pieceColumns) * pieceColumns;
/** Elements, 2 GiB: half of what the kernels can address. */
const mostElements = 536_870_912;

/** Whether so many images can be packed; else they are read as numbers. */
export function packable(count: number, pixels: number): boolean {
  return pixels <= mostPixels && packedSize(count, pixels) <= mostElements;
}

/** Elements for packed images of which no pixel is zero. */
const packedSize = (count: number, pixels: number) => count * (roundUp(Math.ceil(pixels / 2), 4) + 1);

/** Room for images, in which they are yet to be packed. */
export function packedImages(count: number, pixels: number, allocate: Allocate): PackedImages {
  return { count, pixels, starts: allocate(count + 1), entries: allocate(packedSize(count, pixels)) };
}

/**
 * The lists of one thread, in the room that `allocate` gives, at a multiple of 4 elements.
 *
 * @param rows of the minibatch
 * @param dyStrides of the layers that read the images; none where there is no training
 */
export function imageLists(
  rows: number,
  pixels: number,
  dyStrides: readonly number[],
  allocate: Allocate,
): ImageLists {
  const listed = Math.min(rows, listedRows);
  const cuts = Math.ceil(rows / longestSum);
  const span = cuts <= fewCuts ? roundUp(pixels, listedFeatures) : listedFeatures;
  const pairs = Math.ceil(Math.min(span, pixels) / 2);
  // What is not listed is written over in each row: at most parts of two fours, and what the last is filled
  // up with. An entry is written with one element more.
  const pairStride = roundUp(3 * Math.max(Math.min(rows, longestSum), 10) + 1, 4);
  const cutStride = roundUp(2 * pairs + 2, 4) + (pairs + 1) * pairStride;
  return {
    images: allocate(2 * Math.min(rows, Math.max(listed, longestSum))),
    rows: listed,
    heads: allocate(listed * (Math.ceil(pixels / pieceColumns) + 1)),
    // And up to four entries that do not count.
    entries: allocate(listed * 2 * pixels + 8),
    span,
    features: [...new Set(dyStrides)].map((dyStride) => ({
      dyStride,
      cuts: allocate(cuts * cutStride),
      cutStride,
      pairs,
      pairStride,
    })),
  };
}

/**
 * Elements of the lists of so many rows of numbers, and their heads. If the rows are long, a piece of more of
 * them is listed at a time: see assembly/sparse-rows.ts.
 */
export function rowListsSize(rows: number, columns: number): number {
  return roundUp(Math.max(rows, mostNumberRows) + 1, 4) + 2 * rows * roundUp(columns, 64);
}
