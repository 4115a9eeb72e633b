// dx = dy Wᵀ for rows of dy.
//
//   dy (rows, units)   row-major, dyStride bytes a row
//   W  (fanIn, units)  in panels of 8 columns: (panels, fanIn, 8); the last panel is padded with zeros
//   dx (rows, fanIn)   row-major, dxStride bytes a row; written up to the next multiple of 8 columns
//   packed             scratch for (panels * 8, 8) floats
//
// The contracted index runs across the panels of W. So eight rows of W are first transposed into `packed`,
// which stays in the level-1 cache while all row tiles pass over it. Short sums, as those of ten classes, go
// another way: transposed-short.ts. See docs/kernels.md, "Register tiles".

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
  packed: usize,
): void {
  if (units <= longestShortSum) {
    transposedShort(dy, dyStride, W, fanIn, units, dx, dxStride, rows, packed);
    return;
  }
  const zero = f32x4.splat(0);
  const panelStride = fanIn * 32;
  for (let column: usize = 0; column < fanIn; column += 8) {
    if (column + 8 <= fanIn) pack8(W, panelStride, units, packed);
    else packFew(W, panelStride, units, fanIn - column, packed);
    let row: usize = 0;
    for (; row + 4 <= rows; row += 4) {
      tile4(dy + row * dyStride, dyStride, packed, units, zero, zero, dx + row * dxStride, dxStride);
    }
    for (; row < rows; row++) tile1(dy + row * dyStride, packed, units, zero, zero, dx + row * dxStride);
    W += 8 * 32;
    dx += 32;
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
