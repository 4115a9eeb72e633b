// y = x W + b for rows of x.
//
//   x (rows, fanIn)   row-major, xStride bytes a row
//   W (fanIn, units)  in panels of 8 columns: (panels, fanIn, 8); the last panel is padded with zeros
//   b (panels * 8)
//   y (rows, panels * 8), yStride bytes a row; what is not a unit becomes zero
//
// A panel (32 bytes x fanIn) stays in the level-1 cache while all row tiles pass over it. One or two units
// behind whole panels, as ten classes have, go with the panel before them.
// See docs/kernels.md, "Register tiles".

import { tile1, tile4 } from './tile';

export function affine(
  x: usize,
  xStride: usize,
  W: usize,
  fanIn: usize,
  units: usize,
  b: usize,
  y: usize,
  yStride: usize,
  rows: usize,
): void {
  const panels = (units + 7) >> 3;
  const ten = panels > 1 && units + 6 <= panels * 8;
  const whole = ten ? panels - 2 : panels;
  affinePanels(x, xStride, W, fanIn, whole, b, y, yStride, rows);
  if (ten) {
    W += whole * fanIn * 32;
    b += whole * 32;
    y += whole * 32;
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load_splat<u64>(b, 32);
    for (; rows >= 4; rows -= 4) {
      tile4(x, xStride, W, fanIn, b0, b1, y, yStride, true, W + fanIn * 32, b2);
      x += 4 * xStride;
      y += 4 * yStride;
    }
    affinePanels(x, xStride, W, fanIn, 2, b, y, yStride, rows);
  }
}

// y = x W + b for whole panels.
function affinePanels(
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
      tile4(x + row * xStride, xStride, W, fanIn, b0, b1, y + row * yStride, yStride);
    }
    for (; row < rows; row++) tile1(x + row * xStride, W, fanIn, b0, b1, y + row * yStride);
    W += fanIn * 32;
    b += 32;
    y += 32;
  }
}
