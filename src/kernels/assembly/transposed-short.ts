// dx = dy Wᵀ for rows of dy of at most 16 units, as ten classes have; see transposed.ts for the shapes.
//
//   packed  scratch for (panels * 8, 32) floats: 32 rows of W, transposed
//
// Tile: 1 row x 32 columns of dx, the first ten steps written out. See docs/kernels.md, "Register tiles".

import { transpose4x4 } from './transpose';

// @ts-ignore: decorator
@inline
export const longestShortSum: usize = 16;

export function transposedShort(
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
  for (let column: usize = 0; column < count; column += 32) {
    pack(W + column * 32, fanIn * 32, min<usize>(count - column, 32), units, packed);
    let x = dy;
    let y = dx + column * 4;
    for (let row: usize = 0; row < rows; row++) {
      tile1x32(x, packed, units, y);
      x += dyStride;
      y += dxStride;
    }
  }
}

// packed[j][i] = W[i][j] for `count` rows i of W, at most 32; the columns that are missing become zero. A
// function of its own, which leaves the other loops the registers of their pointers.
function pack(W: usize, panelStride: usize, count: usize, units: usize, packed: usize): void {
  for (let unit: usize = 0; unit < units; unit += 8) {
    let i: usize = 0;
    for (; i + 4 <= count; i += 4) {
      transpose4x4(W + i * 32, 32, packed + i * 4, 128);
      transpose4x4(W + i * 32 + 16, 32, packed + 4 * 128 + i * 4, 128);
    }
    for (; i < 32; i++) {
      for (let j: usize = 0; j < 8; j++) {
        store<f32>(packed + j * 128 + i * 4, i < count ? load<f32>(W + i * 32 + j * 4) : 0);
      }
    }
    W += panelStride;
    packed += 8 * 128;
  }
}

// @ts-ignore: decorator
@inline
function tile1x32(x: usize, W: usize, steps: usize, y: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  let v: v128;
  let left: isize = steps;
  while (left > 0) {
    // repeat: k = 0 to 9
    if (left > k) {
      v = v128.load_splat<f32>(x, 4 * k);
      s7 = f32x4.add(s7, f32x4.mul(v, v128.load(W, 128 * k + 112)));
      s6 = f32x4.add(s6, f32x4.mul(v, v128.load(W, 128 * k + 96)));
      s5 = f32x4.add(s5, f32x4.mul(v, v128.load(W, 128 * k + 80)));
      s4 = f32x4.add(s4, f32x4.mul(v, v128.load(W, 128 * k + 64)));
      s3 = f32x4.add(s3, f32x4.mul(v, v128.load(W, 128 * k + 48)));
      s2 = f32x4.add(s2, f32x4.mul(v, v128.load(W, 128 * k + 32)));
      s1 = f32x4.add(s1, f32x4.mul(v, v128.load(W, 128 * k + 16)));
      s0 = f32x4.add(s0, f32x4.mul(v, v128.load(W, 128 * k)));
    }
    // end of repeat
    x += 40;
    W += 1280;
    left -= 10;
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
  v128.store(y, s4, 64);
  v128.store(y, s5, 80);
  v128.store(y, s6, 96);
  v128.store(y, s7, 112);
}
