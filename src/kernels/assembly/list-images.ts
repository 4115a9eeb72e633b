// Lists the pixels of images that are not zero, by row for y = x W + b and by pairs of features for g = xᵀ dy, see
// sparse-rows.ts and sparse-pairs.ts.
//
//   x (rows, fanIn)  bytes, xStride bytes a row, zero past fanIn up to a multiple of 64; x is pixel / 255
//   table            the 256 numbers pixel / 255
//
// The lists are made once in a step and used by all threads, each for its columns of W, and by all layers that read the images.
// Each of the two kinds takes a third of what the images would take as numbers.

import { nonZeroPairs } from './sparse-pairs';
import { nonZeroRows } from './sparse-rows';

export function listRows(
  x: usize,
  xStride: usize,
  rows: usize,
  fanIn: usize,
  table: usize,
  heads: usize,
  entry: usize,
): void {
  nonZeroRows<u8>(x, xStride, rows, fanIn, table, heads, entry);
}

// For a dy of dyStride bytes a row; x points at the first feature, which is even.
export function listPairs(
  x: usize,
  xStride: usize,
  dyStride: usize,
  rows: usize,
  pairs: usize,
  table: usize,
  starts: usize,
  entry: usize,
  bits: usize,
): void {
  nonZeroPairs<u8>(x, xStride, dyStride, rows, pairs, table, starts, entry, bits);
}
