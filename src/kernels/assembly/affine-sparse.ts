// y = x W + b for rows of numbers of which half or more is zero: a layer that follows a rectifier, and the
// input layer where the images were distorted.
//
//   x (rows, fanIn)   row-major, xStride bytes a row, zero past fanIn up to a multiple of 32
//   W (fanIn, units)  in panels of 32 columns: (panels, fanIn, 32); the last panel is padded with zeros
//   b (panels * 32)
//   y (rows, panels * 32), yStride bytes a row
//   lists             scratch for the lists of a piece of some rows, see sparse-rows.ts
//
// A piece of some rows at a time becomes lists of the non-zero numbers, which then run past each panel. See
// docs/kernels.md, "Lists of what is not zero".

import { listNumbers, pieceOfNumbers, rowsAtOnce, sparsePiece } from './sparse-rows';

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
  const piece = pieceOfNumbers(fanIn);
  const most = rowsAtOnce(fanIn);
  for (let row: usize = 0; row < rows; row += most) {
    const some = min<usize>(rows - row, most);
    for (let first: usize = 0; first < fanIn; first += piece) {
      listNumbers(x + first * 4, xStride, some, min<usize>(fanIn - first, piece), lists);
      let w = W + first * 128;
      for (let at: usize = 0; at < panels * 128; at += 128) {
        const a = first == 0 ? b + at : y + at;
        sparsePiece(lists, 4, w, a, first == 0 ? 0 : yStride, y + at, yStride, some);
        w += fanIn * 128;
      }
    }
    x += some * xStride;
    y += some * yStride;
  }
}
