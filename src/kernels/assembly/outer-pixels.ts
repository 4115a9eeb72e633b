// g = xᵀ dy, or g = g + xᵀ dy, where x are the pixels of images: outer-sparse.ts, from the bytes themselves.
//
//   x      (rows, fanIn)  bytes, xStride bytes a row; x points at column `first`, which is even; x is pixel / 255
//   dy, g, lists          as in outer-sparse.ts; dy points at the first of `panels` panels
//   table                 the 256 numbers pixel / 255
//
// Measured for 64 rows of MNIST x 128 columns on a Zen 4 core: 90 µs, of which 12 are for the lists: 27 GFLOP/s of useful
// work, 142 if the zeros were counted.

import { nonZeroPairs, sparsePairs } from './sparse-pairs';

export function outerPixels(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  rows: usize,
  count: usize,
  panels: usize,
  g: usize,
  add: bool,
  table: usize,
  lists: usize,
  listStride: usize,
): void {
  nonZeroPairs<u8>(x, xStride, dyStride, rows, (count + 1) >> 1, table, lists, listStride);
  sparsePairs(lists, listStride, dy, count, panels, g, add);
}
