// y = x W + b for rows of numbers that are mostly, or half of them, zero: a layer that follows a rectifier, and the input layer where the
// images were distorted.
//
//   x (rows, fanIn)   row-major, xStride bytes a row, zero past fanIn up to a multiple of 32
//   W (fanIn, units)  in panels of 32 columns: (panels, fanIn, 32); the last panel is padded with zeros
//   b (panels * 32)
//   y (rows, panels * 32), yStride bytes a row
//   lists             scratch for the lists of 32 rows, see sparse-rows.ts
//
// 81 % of MNIST's pixels are zero, some 43 % of what a rectifier gives, and adding 0 w changes no sum. 32 rows at a time are first
// turned into lists of their non-zero numbers, then the lists run past each panel. A panel is one piece of memory (128 bytes x
// fanIn), whatever the width of the layer.

import { headsSize, nonZeroRows, sparseRows } from './sparse-rows';

export function affineSparse(
  x: usize,
  xStride: usize,
  W: usize,
  fanIn: usize,
  units: usize,
  b: usize,
  y: usize,
  yStride: usize,
  rows: usize,
  lists: usize,
): void {
  const panels = (units + 31) >> 5;
  for (let row: usize = 0; row < rows; row += 32) {
    const some = min<usize>(rows - row, 32);
    nonZeroRows(x, xStride, some, fanIn, lists, lists + headsSize(some, fanIn));
    sparseRows(lists, W, fanIn, panels, b, y, yStride, some);
    x += some * xStride;
    y += some * yStride;
  }
}
