// Functions of single elements, and their gradients, by rows.
//
//   x, y, kept, dy, dx (rows, columns)  row-major, padded to whole vectors, one stride in bytes for each
//
// F is a class that has two functions of four floats, which are written into the loops:
//
//   value(x, a)            y
//   gradient(kept, dy, a)  dx; `kept` is x or y, whichever the gradient is made of
//
// `a` is the constant of the function, if it has one. y may be x, and dx may be dy. No object of F is ever
// made: the class is only a name for its functions.

import { inside } from './lanes';

// y = F(x). With `clear` the padding of y becomes 0, for an F that is not 0 at 0.
// @ts-ignore: decorator
@inline
export function mapRows<F>(
  x: usize, xStride: usize,
  y: usize, yStride: usize,
  columns: usize, rows: usize,
  a: v128 = f32x4.splat(0), clear: bool = false,
): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
      const value = changetype<F>(0).value(v128.load(x + at), a);
      v128.store(y + at, clear ? v128.and(value, inside(at, columns)) : value);
    }
    x += xStride;
    y += yStride;
  }
}

// dx = dy F'(x).
// @ts-ignore: decorator
@inline
export function chainRows<F>(
  kept: usize, keptStride: usize,
  dy: usize, dyStride: usize,
  dx: usize, dxStride: usize,
  columns: usize, rows: usize,
  a: v128 = f32x4.splat(0),
): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
      v128.store(dx + at, changetype<F>(0).gradient(v128.load(kept + at), v128.load(dy + at), a));
    }
    kept += keptStride;
    dy += dyStride;
    dx += dxStride;
  }
}
