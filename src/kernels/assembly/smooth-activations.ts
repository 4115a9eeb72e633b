// Smooth activations and their gradients, by rows.
//
//   x, y, dx, dy (rows, columns)  row-major, padded to whole vectors, one stride in bytes for each
//
// Where a gradient is had from y, y may be x and dx may be dy (in place); silu and gelu need x. Results below
// 2^-100 become 0: a saturated unit would otherwise fill the gradients with subnormal numbers, which are some
// 40 times slower. All functions but the sigmoid are 0 at 0 and so keep the padding zero; the sigmoid clears it.

import { expm1Negative, expNegative, gaussian, scaledTail, tanh4, withoutTiny } from './exact';

export function elu(
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  columns: usize,
  rows: usize,
  alpha: f32,
): void {
  const zero = f32x4.splat(0);
  const factor = f32x4.splat(alpha);
  for (let row: usize = 0; row < rows; row++) {
    for (let j: usize = 0; j < columns; j += 4) {
      const v = v128.load(x + j * 4);
      const below = withoutTiny(f32x4.mul(factor, expm1Negative(f32x4.min(v, zero))));
      v128.store(y + j * 4, v128.bitselect(v, below, f32x4.gt(v, zero)));
    }
    x += xStride;
    y += yStride;
  }
}

// For x <= 0, alpha e^x = y + alpha.
export function eluBackward(
  y: usize,
  yStride: usize,
  dy: usize,
  dyStride: usize,
  dx: usize,
  dxStride: usize,
  columns: usize,
  rows: usize,
  alpha: f32,
): void {
  const zero = f32x4.splat(0);
  const factor = f32x4.splat(alpha);
  for (let row: usize = 0; row < rows; row++) {
    for (let j: usize = 0; j < columns; j += 4) {
      const v = v128.load(y + j * 4);
      const d = v128.load(dy + j * 4);
      const below = withoutTiny(f32x4.mul(d, f32x4.add(v, factor)));
      v128.store(dx + j * 4, v128.bitselect(d, below, f32x4.gt(v, zero)));
    }
    y += yStride;
    dy += dyStride;
    dx += dxStride;
  }
}

// With e = e^-|x|, the sigmoid is 1 / (1 + e) on the right, e / (1 + e) on the left: nothing overflows, and the
// small values on the left keep all digits.
export function sigmoid(
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  columns: usize,
  rows: usize,
): void {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const lanes = i32x4(0, 1, 2, 3);
  for (let row: usize = 0; row < rows; row++) {
    for (let j: usize = 0; j < columns; j += 4) {
      const v = v128.load(x + j * 4);
      const e = expNegative(f32x4.neg(f32x4.abs(v)));
      const s = f32x4.div(v128.bitselect(e, one, f32x4.lt(v, zero)), f32x4.add(one, e));
      const inside = i32x4.lt_u(lanes, i32x4.splat(<i32>(columns - j)));
      v128.store(y + j * 4, v128.and(s, inside));
    }
    x += xStride;
    y += yStride;
  }
}

export function sigmoidBackward(
  y: usize,
  yStride: usize,
  dy: usize,
  dyStride: usize,
  dx: usize,
  dxStride: usize,
  columns: usize,
  rows: usize,
): void {
  const one = f32x4.splat(1);
  for (let row: usize = 0; row < rows; row++) {
    for (let j: usize = 0; j < columns; j += 4) {
      const v = v128.load(y + j * 4);
      const slope = f32x4.mul(v, f32x4.sub(one, v));
      v128.store(dx + j * 4, withoutTiny(f32x4.mul(v128.load(dy + j * 4), slope)));
    }
    y += yStride;
    dy += dyStride;
    dx += dxStride;
  }
}

export function tanh(
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  columns: usize,
  rows: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let j: usize = 0; j < columns; j += 4) {
      v128.store(y + j * 4, tanh4(v128.load(x + j * 4)));
    }
    x += xStride;
    y += yStride;
  }
}

// 1 - y^2 as (1 - y) (1 + y), which keeps its digits near y = 1.
export function tanhBackward(
  y: usize,
  yStride: usize,
  dy: usize,
  dyStride: usize,
  dx: usize,
  dxStride: usize,
  columns: usize,
  rows: usize,
): void {
  const one = f32x4.splat(1);
  for (let row: usize = 0; row < rows; row++) {
    for (let j: usize = 0; j < columns; j += 4) {
      const v = v128.load(y + j * 4);
      const slope = f32x4.mul(f32x4.sub(one, v), f32x4.add(one, v));
      v128.store(dx + j * 4, withoutTiny(f32x4.mul(v128.load(dy + j * 4), slope)));
    }
    y += yStride;
    dy += dyStride;
    dx += dxStride;
  }
}

export function silu(
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  columns: usize,
  rows: usize,
): void {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let row: usize = 0; row < rows; row++) {
    for (let j: usize = 0; j < columns; j += 4) {
      const v = v128.load(x + j * 4);
      const e = expNegative(f32x4.neg(f32x4.abs(v)));
      const s = f32x4.div(v128.bitselect(e, one, f32x4.lt(v, zero)), f32x4.add(one, e));
      v128.store(y + j * 4, withoutTiny(f32x4.mul(v, s)));
    }
    x += xStride;
    y += yStride;
  }
}

// s + x s (1 - s) with s = sigmoid(x), both s and 1 - s without cancellation.
export function siluBackward(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  dx: usize,
  dxStride: usize,
  columns: usize,
  rows: usize,
): void {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let row: usize = 0; row < rows; row++) {
    for (let j: usize = 0; j < columns; j += 4) {
      const v = v128.load(x + j * 4);
      const e = expNegative(f32x4.neg(f32x4.abs(v)));
      const sum = f32x4.add(one, e);
      const left = f32x4.lt(v, zero);
      const s = f32x4.div(v128.bitselect(e, one, left), sum);
      const rest = f32x4.div(v128.bitselect(one, e, left), sum);
      const slope = f32x4.mul(s, f32x4.add(one, f32x4.mul(v, rest)));
      v128.store(dx + j * 4, withoutTiny(f32x4.mul(v128.load(dy + j * 4), slope)));
    }
    x += xStride;
    dy += dyStride;
    dx += dxStride;
  }
}

// x Phi(x), with the tail Phi(-|x|) on the left and 1 - Phi(-|x|) on the right.
export function gelu(
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  columns: usize,
  rows: usize,
): void {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let row: usize = 0; row < rows; row++) {
    for (let j: usize = 0; j < columns; j += 4) {
      const v = v128.load(x + j * 4);
      const a = f32x4.abs(v);
      const tail = f32x4.mul(gaussian(a), scaledTail(a));
      const phi = v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(v, zero));
      v128.store(y + j * 4, withoutTiny(f32x4.mul(v, phi)));
    }
    x += xStride;
    y += yStride;
  }
}

// Phi(x) + x e^(-x^2 / 2) / sqrt(2 pi).
export function geluBackward(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  dx: usize,
  dxStride: usize,
  columns: usize,
  rows: usize,
): void {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const density = f32x4.splat(0.3989422804014327);
  for (let row: usize = 0; row < rows; row++) {
    for (let j: usize = 0; j < columns; j += 4) {
      const v = v128.load(x + j * 4);
      const a = f32x4.abs(v);
      const e = gaussian(a);
      const tail = f32x4.mul(e, scaledTail(a));
      const phi = v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(v, zero));
      const slope = f32x4.add(phi, f32x4.mul(v, f32x4.mul(e, density)));
      v128.store(dx + j * 4, withoutTiny(f32x4.mul(v128.load(dy + j * 4), slope)));
    }
    x += xStride;
    dy += dyStride;
    dx += dxStride;
  }
}
