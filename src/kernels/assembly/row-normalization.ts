// Normalisation of each row over its columns, and its gradient: xhat = (x - mean) / sqrt(variance + epsilon).
//
//   x, y, dy, dx  (rows, columns)  row-major, one stride in bytes for each. Rows are padded with zeros to 32
//                                  columns; whole vectors of 4 are written, their padding zero again
//   gamma, beta   (columns)        padded likewise
//
// A row's sum over its columns has 16 parts, column j in part j mod 16, which are added in one fixed order:
// four chains of additions instead of one. The variance is taken in a second pass around the mean: sums of
// squares less a square would cancel.

import { inside, sumOfLanes } from './lanes';

// The sum of 16 parts.
// @ts-ignore: decorator
@inline
function sumOfParts(s0: v128, s1: v128, s2: v128, s3: v128): f32 {
  return sumOfLanes(f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3)));
}

// The mean of a row.
function meanOf(x: usize, columns: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (const end = x + columns * 4; x < end; x += 64) {
    s0 = f32x4.add(s0, v128.load(x));
    s1 = f32x4.add(s1, v128.load(x, 16));
    s2 = f32x4.add(s2, v128.load(x, 32));
    s3 = f32x4.add(s3, v128.load(x, 48));
  }
  return sumOfParts(s0, s1, s2, s3) / <f32>columns;
}

// @ts-ignore: decorator
@inline
function addSquare(s: v128, x: v128, m: v128, mask: v128): v128 {
  const d = v128.and(f32x4.sub(x, m), mask);
  return f32x4.add(s, f32x4.mul(d, d));
}

// 1 / sqrt(variance + epsilon) of a row.
function inverseDeviation(x: usize, columns: usize, mean: f32, epsilon: f32): f32 {
  const m = f32x4.splat(mean);
  const all = i32x4.splat(-1);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let at: usize = 0;
  for (const end = (columns * 4) & ~63; at < end; at += 64) {
    s0 = addSquare(s0, v128.load(x + at), m, all);
    s1 = addSquare(s1, v128.load(x + at, 16), m, all);
    s2 = addSquare(s2, v128.load(x + at, 32), m, all);
    s3 = addSquare(s3, v128.load(x + at, 48), m, all);
  }
  if (at < columns * 4) {
    s0 = addSquare(s0, v128.load(x + at), m, inside(at, columns));
    s1 = addSquare(s1, v128.load(x + at, 16), m, inside(at + 16, columns));
    s2 = addSquare(s2, v128.load(x + at, 32), m, inside(at + 32, columns));
    s3 = addSquare(s3, v128.load(x + at, 48), m, inside(at + 48, columns));
  }
  return <f32>1 / sqrt<f32>(sumOfParts(s0, s1, s2, s3) / <f32>columns + epsilon);
}

// y = gamma xhat + beta.
export function normalizeRows(
  x: usize,
  xStride: usize,
  columns: usize,
  epsilon: f32,
  gamma: usize,
  beta: usize,
  y: usize,
  yStride: usize,
  rows: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const mean = meanOf(x, columns);
    const m = f32x4.splat(mean);
    const inverse = f32x4.splat(inverseDeviation(x, columns, mean, epsilon));
    for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
      const xhat = f32x4.mul(f32x4.sub(v128.load(x + at), m), inverse);
      const value = f32x4.add(f32x4.mul(xhat, v128.load(gamma + at)), v128.load(beta + at));
      v128.store(y + at, v128.and(value, inside(at, columns)));
    }
    x += xStride;
    y += yStride;
  }
}

// dx = (d - mean of d - xhat (mean of d xhat)) / sqrt(variance + epsilon), d = gamma dy.
export function normalizeRowsBackward(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  columns: usize,
  epsilon: f32,
  gamma: usize,
  dx: usize,
  dxStride: usize,
  rows: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const mean = meanOf(x, columns);
    const m = f32x4.splat(mean);
    const deviation = inverseDeviation(x, columns, mean, epsilon);
    const inverse = f32x4.splat(deviation);
    // Parts of the sums of d and of d (x - mean); d is zero in the padding.
    let d0 = f32x4.splat(0);
    let d1 = d0;
    let d2 = d0;
    let d3 = d0;
    let p0 = d0;
    let p1 = d0;
    let p2 = d0;
    let p3 = d0;
    for (let at: usize = 0, end = columns * 4; at < end; at += 64) {
      let d = f32x4.mul(v128.load(dy + at), v128.load(gamma + at));
      d0 = f32x4.add(d0, d);
      p0 = f32x4.add(p0, f32x4.mul(d, f32x4.sub(v128.load(x + at), m)));
      d = f32x4.mul(v128.load(dy + at, 16), v128.load(gamma + at, 16));
      d1 = f32x4.add(d1, d);
      p1 = f32x4.add(p1, f32x4.mul(d, f32x4.sub(v128.load(x + at, 16), m)));
      d = f32x4.mul(v128.load(dy + at, 32), v128.load(gamma + at, 32));
      d2 = f32x4.add(d2, d);
      p2 = f32x4.add(p2, f32x4.mul(d, f32x4.sub(v128.load(x + at, 32), m)));
      d = f32x4.mul(v128.load(dy + at, 48), v128.load(gamma + at, 48));
      d3 = f32x4.add(d3, d);
      p3 = f32x4.add(p3, f32x4.mul(d, f32x4.sub(v128.load(x + at, 48), m)));
    }
    const n = <f32>columns;
    const shift = f32x4.splat(sumOfParts(d0, d1, d2, d3) / n);
    const slope = f32x4.splat((sumOfParts(p0, p1, p2, p3) * deviation) / n);
    for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
      const xhat = f32x4.mul(f32x4.sub(v128.load(x + at), m), inverse);
      const d = f32x4.mul(v128.load(dy + at), v128.load(gamma + at));
      const value = f32x4.mul(f32x4.sub(f32x4.sub(d, shift), f32x4.mul(xhat, slope)), inverse);
      v128.store(dx + at, v128.and(value, inside(at, columns)));
    }
    x += xStride;
    dy += dyStride;
    dx += dxStride;
  }
}

// g = the sums of dy xhat over the rows, in their order, or g = g + them, for `some` columns from byte
// `first` of a row on. dy is that column's address. scratch (rows, 2): mean and inverse deviation of each
// row, which are made again, once for all columns of the block: rows are few and short, and nothing need be
// kept since forward.
export function normalizeRowsSums(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  columns: usize,
  epsilon: f32,
  rows: usize,
  first: usize,
  some: usize,
  g: usize,
  add: bool,
  scratch: usize,
): void {
  for (let row: usize = 0, at = x; row < rows; row++, at += xStride) {
    const mean = meanOf(at, columns);
    store<f32>(scratch + row * 8, mean);
    store<f32>(scratch + row * 8, inverseDeviation(at, columns, mean, epsilon), 4);
  }
  for (let at: usize = 0, end = some * 4; at < end; at += 16) {
    let s = f32x4.splat(0);
    let from = x + first + at;
    let gradient = dy + at;
    for (let row: usize = 0; row < rows; row++) {
      const centred = f32x4.sub(v128.load(from), v128.load_splat<f32>(scratch + row * 8));
      const xhat = f32x4.mul(centred, v128.load_splat<f32>(scratch + row * 8, 4));
      s = f32x4.add(s, f32x4.mul(v128.load(gradient), xhat));
      from += xStride;
      gradient += dyStride;
    }
    v128.store(g + at, add ? f32x4.add(v128.load(g + at), s) : s);
  }
}
