// g = xᵀ dy, or g = g + xᵀ dy, where x is mostly zero: the weight gradient of the input layer, for rows `first`
// to `first + count` of W, summed over the rows of the minibatch, where the images were distorted.
//
//   x  (rows, fanIn)        row-major, xStride bytes a row; x points at column `first`, which is even
//   dy (rows, panels * 32)  row-major, dyStride bytes a row, zero past the last unit
//   g  (panels, count, 32)  the block of the gradient, as the block of W lies in its panels
//   lists                   scratch: where the list of each pair of features begins and ends, the lists, then two bytes a row
//
// How it goes: sparse-pairs.ts.

import { nonZeroPairs, sparsePairs } from './sparse-pairs';

export function outerSparse(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  rows: usize,
  count: usize,
  panels: usize,
  g: usize,
  add: bool,
  lists: usize,
): void {
  const pairs = (count + 1) >> 1;
  const entries = lists + ((pairs * 8 + 15) & ~15);
  const bits = entries + pairs * rows * 12;
  nonZeroPairs(x, xStride, dyStride, rows, pairs, lists, entries, bits);
  sparsePairs(lists, dy, count, panels, g, add);
}
