// dx = dy Wᵀ for rows of dy.
//
//   dy (rows, units)   row-major, dyStride bytes a row
//   W  (fanIn, units)  in panels of 8 columns: (panels, fanIn, 8); the last panel is padded with zeros
//                      W points at the first of `count` rows, those of the columns of dx.
//   dx (rows, count)   row-major, dxStride bytes a row; written up to the next multiple of 8 columns
//   packed             scratch for (panels * 8, 8) floats
//
// The contracted index runs across the panels of W. So eight rows of W are first transposed into `packed`,
// which stays in the level-1 cache while all row tiles pass over it. If there are many units, a piece of them
// is, and the sums wait in dx. Short sums, as those of ten classes, go another way: transposed-short.ts. See
// docs/kernels.md, "Register tiles".

import { morePanels, stepsOfPiece } from './affine';
import { tile1, tile4 } from './tile';
import { transpose4x4 } from './transpose';
import { longestShortSum, transposedShort } from './transposed-short';

export function transposed(
  dy: usize,
  dyStride: usize,
  W: usize,
  fanIn: usize,
  units: usize,
  dx: usize,
  dxStride: usize,
  rows: usize,
  count: usize,
  packed: usize,
): void {
  if (units <= longestShortSum) {
    transposedShort(dy, dyStride, W, fanIn, units, dx, dxStride, rows, count, packed);
    return;
  }
  const zero = f32x4.splat(0);
  const panelStride = fanIn * 32;
  const steps = stepsOfPiece(units);
  for (let first: usize = 0; first < units; first += steps) {
    const some = min<usize>(units - first, steps);
    const from = dy + first * 4;
    let w = W + (first >> 3) * panelStride;
    for (let column: usize = 0; column < count; column += 8) {
      const sums = dx + column * 4;
      if (column + 8 <= count) pack8(w, panelStride, some, packed);
      else packFew(w, panelStride, some, count - column, packed);
      w += 8 * 32;
      if (first > 0) {
        morePanels(from, dyStride, packed, some, some, 1, sums, dxStride, rows);
        continue;
      }
      let row: usize = 0;
      for (; row + 4 <= rows; row += 4) {
        tile4(from + row * dyStride, dyStride, packed, some, zero, zero, sums + row * dxStride, dxStride);
      }
      for (; row < rows; row++) {
        tile1(from + row * dyStride, packed, some, zero, zero, sums + row * dxStride);
      }
    }
  }
}

// packed[j][i] = W[i][j] for 8 rows i of W: four transposed blocks of 4 x 4 a panel.
// @ts-ignore: decorator
@inline
function pack8(W: usize, panelStride: usize, units: usize, packed: usize): void {
  for (let unit: usize = 0; unit < units; unit += 8) {
    transpose4x4(W, 32, packed, 32);
    transpose4x4(W + 16, 32, packed + 4 * 32, 32);
    transpose4x4(W + 4 * 32, 32, packed + 16, 32);
    transpose4x4(W + 4 * 32 + 16, 32, packed + 4 * 32 + 16, 32);
    W += panelStride;
    packed += 8 * 32;
  }
}

// The last rows of W, fewer than 8; the columns that are missing become zero.
// @ts-ignore: decorator
@inline
function packFew(W: usize, panelStride: usize, units: usize, count: usize, packed: usize): void {
  for (let unit: usize = 0; unit < units; unit += 8) {
    for (let j: usize = 0; j < 8; j++) {
      for (let i: usize = 0; i < 8; i++) {
        store<f32>(packed + j * 32 + i * 4, i < count ? load<f32>(W + i * 32 + j * 4) : 0);
      }
    }
    W += panelStride;
    packed += 8 * 32;
  }
}
