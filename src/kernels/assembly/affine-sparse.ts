// y = x W + b for rows of numbers of which half or more is zero: a layer that follows a rectifier, and the
// input layer where the images were distorted.
//
//   x (rows, fanIn)   row-major, xStride bytes a row, zero past fanIn up to a multiple of 32
//   W (fanIn, units)  in panels of 32 columns: (panels, fanIn, 32); the last panel is padded with zeros
//   b (panels * 32)
//   y (rows, panels * 32), yStride bytes a row
//   lists             scratch for the lists of 32 rows, see sparse-rows.ts
//
// 32 rows at a time become lists of their non-zero numbers, which then run past each panel. See
// docs/kernels.md, "Lists of what is not zero".

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
