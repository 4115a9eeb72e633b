// y = x W + b for rows of x.
//
//   x (rows, fanIn)   row-major, xStride bytes a row
//   W (fanIn, units)  in panels of 8 columns: (panels, fanIn, 8); the last panel is padded with zeros
//   b (panels * 8)
//   y (rows, panels * 8), yStride bytes a row; what is not a unit becomes zero
//
// A panel (32 bytes x fanIn) stays in the level-1 cache while all row tiles pass over it. If fanIn is large,
// a piece of the panels stays there instead, and the sums wait in y until the next. One or two units behind
// whole panels, as ten classes have, go with the panel before them.
// See docs/kernels.md, "Register tiles".

import { tile1, tile4 } from './tile';

// The most steps of a piece: 16 KB of a panel. Sums of up to half as many more are made in one piece.
// @ts-ignore: decorator
@inline
const longestPiece: usize = 512;

// Steps of a piece of a sum of so many.
// @ts-ignore: decorator
@inline
export function stepsOfPiece(steps: usize): usize {
  if (steps <= longestPiece + longestPiece / 2) return steps;
  const pieces = (steps + longestPiece - 1) / longestPiece;
  return ((steps + pieces - 1) / pieces + 7) & ~7;
}

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
  const steps = stepsOfPiece(fanIn);
  const ten = panels > 1 && units + 6 <= panels * 8;
  const whole = ten ? panels - 2 : panels;
  affinePanels(x, xStride, W, fanIn, steps, whole, b, y, yStride, rows);
  for (let first = steps; first < fanIn; first += steps) {
    const some = min<usize>(fanIn - first, steps);
    morePanels(x + first * 4, xStride, W + first * 32, fanIn, some, whole, y, yStride, rows);
  }
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
    affinePanels(x, xStride, W, fanIn, fanIn, 2, b, y, yStride, rows);
  }
}

// y = x W + b for whole panels, of which the first `steps` rows are read.
function affinePanels(
  x: usize,
  xStride: usize,
  W: usize,
  fanIn: usize,
  steps: usize,
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
      tile4(x + row * xStride, xStride, W, steps, b0, b1, y + row * yStride, yStride);
    }
    for (; row < rows; row++) tile1(x + row * xStride, W, steps, b0, b1, y + row * yStride);
    W += fanIn * 32;
    b += 32;
    y += 32;
  }
}

// y = y + x W for whole panels, likewise.
export function morePanels(
  x: usize,
  xStride: usize,
  W: usize,
  fanIn: usize,
  steps: usize,
  panels: usize,
  y: usize,
  yStride: usize,
  rows: usize,
): void {
  const none = f32x4.splat(0);
  for (let panel: usize = 0; panel < panels; panel++) {
    let sums = y;
    let from = x;
    let row: usize = 0;
    for (; row + 4 <= rows; row += 4) {
      tile4(from, xStride, W, steps, none, none, sums, yStride, false, 0, none, true);
      from += 4 * xStride;
      sums += 4 * yStride;
    }
    for (; row < rows; row++) {
      tile1(from, W, steps, v128.load(sums), v128.load(sums, 16), sums);
      from += xStride;
      sums += yStride;
    }
    W += fanIn * 32;
    y += 32;
  }
}
