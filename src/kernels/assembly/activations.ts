// Rectifiers and their gradients, by rows: see by-rows.ts.
//
// The gradient needs only the sign of y, which for a positive slope is the sign of x. At 0 the derivative is
// taken from the left.

import { chainRows, mapRows } from './by-rows';

class Relu {
  // pmax(x, 0) is x < 0 ? 0 : x, so that a NaN goes on and is not hidden.
  @inline value(x: v128, _: v128): v128 {
    return f32x4.pmax(x, f32x4.splat(0));
  }

  @inline gradient(y: v128, dy: v128, _: v128): v128 {
    return v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
  }
}

class LeakyRelu {
  @inline value(x: v128, slope: v128): v128 {
    return v128.bitselect(x, f32x4.mul(x, slope), f32x4.gt(x, f32x4.splat(0)));
  }

  @inline gradient(y: v128, dy: v128, slope: v128): v128 {
    return v128.bitselect(dy, f32x4.mul(dy, slope), f32x4.gt(y, f32x4.splat(0)));
  }
}

export function relu(x: usize, xStride: usize, y: usize, yStride: usize, columns: usize, rows: usize): void {
  mapRows<Relu>(x, xStride, y, yStride, columns, rows);
}

export function reluBackward(
  y: usize, yStride: usize,
  dy: usize, dyStride: usize,
  dx: usize, dxStride: usize,
  columns: usize, rows: usize,
): void {
  chainRows<Relu>(y, yStride, dy, dyStride, dx, dxStride, columns, rows);
}

export function leakyRelu(
  x: usize, xStride: usize,
  y: usize, yStride: usize,
  columns: usize, rows: usize,
  slope: f32,
): void {
  mapRows<LeakyRelu>(x, xStride, y, yStride, columns, rows, f32x4.splat(slope));
}

export function leakyReluBackward(
  y: usize, yStride: usize,
  dy: usize, dyStride: usize,
  dx: usize, dxStride: usize,
  columns: usize, rows: usize,
  slope: f32,
): void {
  chainRows<LeakyRelu>(y, yStride, dy, dyStride, dx, dxStride, columns, rows, f32x4.splat(slope));
}
