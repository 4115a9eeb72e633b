// Smooth activations and their gradients, by rows: see by-rows.ts.
//
// Elu, sigmoid and tanh make the gradient of y, so y may be x and dx may be dy (in place); silu and gelu need
// x. Results below 2^-100 become 0: a saturated unit would otherwise fill the gradients with subnormal
// numbers, on which processors are some 40 times slower.

import { chainRows, mapRows } from './by-rows';
import { expm1Negative, expNegative, gaussian, scaledTail, tanh4, withoutTiny } from './exact';

class Elu {
  @inline value(x: v128, alpha: v128): v128 {
    const zero = f32x4.splat(0);
    const below = withoutTiny(f32x4.mul(alpha, expm1Negative(f32x4.min(x, zero))));
    return v128.bitselect(x, below, f32x4.gt(x, zero));
  }

  // For x <= 0, alpha e^x = y + alpha.
  @inline gradient(y: v128, dy: v128, alpha: v128): v128 {
    const below = withoutTiny(f32x4.mul(dy, f32x4.add(y, alpha)));
    return v128.bitselect(dy, below, f32x4.gt(y, f32x4.splat(0)));
  }
}

class Sigmoid {
  @inline value(x: v128, _: v128): v128 {
    return sigmoid4(x);
  }

  @inline gradient(y: v128, dy: v128, _: v128): v128 {
    return withoutTiny(f32x4.mul(dy, f32x4.mul(y, f32x4.sub(one(), y))));
  }
}

class Tanh {
  @inline value(x: v128, _: v128): v128 {
    return tanh4(x);
  }

  // 1 - y^2 as (1 - y) (1 + y), which keeps its digits near y = 1.
  @inline gradient(y: v128, dy: v128, _: v128): v128 {
    return withoutTiny(f32x4.mul(dy, f32x4.mul(f32x4.sub(one(), y), f32x4.add(one(), y))));
  }
}

class Silu {
  @inline value(x: v128, _: v128): v128 {
    return withoutTiny(f32x4.mul(x, sigmoid4(x)));
  }

  // s + x s (1 - s) with s = sigmoid(x), both s and 1 - s without cancellation.
  @inline gradient(x: v128, dy: v128, _: v128): v128 {
    const e = expNegative(f32x4.neg(f32x4.abs(x)));
    const sum = f32x4.add(one(), e);
    const left = isNegative(x);
    const s = f32x4.div(v128.bitselect(e, one(), left), sum);
    const rest = f32x4.div(v128.bitselect(one(), e, left), sum);
    const slope = f32x4.mul(s, f32x4.add(one(), f32x4.mul(x, rest)));
    return withoutTiny(f32x4.mul(dy, slope));
  }
}

class Gelu {
  // x Phi(x)
  @inline value(x: v128, _: v128): v128 {
    const size = f32x4.abs(x);
    return withoutTiny(f32x4.mul(x, normal4(x, f32x4.mul(gaussian(size), scaledTail(size)))));
  }

  // Phi(x) + x e^(-x^2 / 2) / sqrt(2 pi)
  @inline gradient(x: v128, dy: v128, _: v128): v128 {
    const size = f32x4.abs(x);
    const e = gaussian(size);
    const phi = normal4(x, f32x4.mul(e, scaledTail(size)));
    const slope = f32x4.add(phi, f32x4.mul(x, f32x4.mul(e, f32x4.splat(0.3989422804014327))));
    return withoutTiny(f32x4.mul(dy, slope));
  }
}

// With e = e^-|x|, the sigmoid is 1 / (1 + e) on the right, e / (1 + e) on the left: nothing overflows, and
// the small values on the left keep all digits.
// @ts-ignore: decorator
@inline
function sigmoid4(x: v128): v128 {
  const e = expNegative(f32x4.neg(f32x4.abs(x)));
  return f32x4.div(v128.bitselect(e, one(), isNegative(x)), f32x4.add(one(), e));
}

// Phi(x) from the tail Phi(-|x|): the tail itself on the left, 1 - tail on the right.
// @ts-ignore: decorator
@inline
function normal4(x: v128, tail: v128): v128 {
  return v128.bitselect(tail, f32x4.sub(one(), tail), isNegative(x));
}

// @ts-ignore: decorator
@inline
function one(): v128 {
  return f32x4.splat(1);
}

// @ts-ignore: decorator
@inline
function isNegative(x: v128): v128 {
  return f32x4.lt(x, f32x4.splat(0));
}

export function elu(
  x: usize, xStride: usize,
  y: usize, yStride: usize,
  columns: usize, rows: usize,
  alpha: f32,
): void {
  mapRows<Elu>(x, xStride, y, yStride, columns, rows, f32x4.splat(alpha));
}

export function eluBackward(
  y: usize, yStride: usize,
  dy: usize, dyStride: usize,
  dx: usize, dxStride: usize,
  columns: usize, rows: usize,
  alpha: f32,
): void {
  chainRows<Elu>(y, yStride, dy, dyStride, dx, dxStride, columns, rows, f32x4.splat(alpha));
}

export function sigmoid(
  x: usize, xStride: usize,
  y: usize, yStride: usize,
  columns: usize, rows: usize,
): void {
  const clear = true; // The sigmoid of 0 is not 0.
  mapRows<Sigmoid>(x, xStride, y, yStride, columns, rows, f32x4.splat(0), clear);
}

export function sigmoidBackward(
  y: usize, yStride: usize,
  dy: usize, dyStride: usize,
  dx: usize, dxStride: usize,
  columns: usize, rows: usize,
): void {
  chainRows<Sigmoid>(y, yStride, dy, dyStride, dx, dxStride, columns, rows);
}

export function tanh(x: usize, xStride: usize, y: usize, yStride: usize, columns: usize, rows: usize): void {
  mapRows<Tanh>(x, xStride, y, yStride, columns, rows);
}

export function tanhBackward(
  y: usize, yStride: usize,
  dy: usize, dyStride: usize,
  dx: usize, dxStride: usize,
  columns: usize, rows: usize,
): void {
  chainRows<Tanh>(y, yStride, dy, dyStride, dx, dxStride, columns, rows);
}

export function silu(x: usize, xStride: usize, y: usize, yStride: usize, columns: usize, rows: usize): void {
  mapRows<Silu>(x, xStride, y, yStride, columns, rows);
}

export function siluBackward(
  x: usize, xStride: usize,
  dy: usize, dyStride: usize,
  dx: usize, dxStride: usize,
  columns: usize, rows: usize,
): void {
  chainRows<Silu>(x, xStride, dy, dyStride, dx, dxStride, columns, rows);
}

export function gelu(x: usize, xStride: usize, y: usize, yStride: usize, columns: usize, rows: usize): void {
  mapRows<Gelu>(x, xStride, y, yStride, columns, rows);
}

export function geluBackward(
  x: usize, xStride: usize,
  dy: usize, dyStride: usize,
  dx: usize, dxStride: usize,
  columns: usize, rows: usize,
): void {
  chainRows<Gelu>(x, xStride, dy, dyStride, dx, dxStride, columns, rows);
}
