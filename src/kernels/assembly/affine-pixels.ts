// y = x W + b where x are the pixels of images that are listed, see list-images.ts and sparse-rows.ts.
//
//   heads    those of the first of `rows` rows
//   W, b, y  as in affine-sparse.ts; W, b and y point at the first of `panels` panels

import { sparseRows } from './sparse-rows';

export function affinePixels(
  heads: usize,
  W: usize,
  fanIn: usize,
  panels: usize,
  b: usize,
  y: usize,
  yStride: usize,
  rows: usize,
): void {
  sparseRows(heads, W, fanIn, panels, b, y, yStride, rows);
}
