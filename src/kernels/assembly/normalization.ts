// Normalisation of each column over the rows of the minibatch, and its gradient.
//
//   x, y, dy, dx                                (rows, columns)  row-major, one stride in bytes for each
//   mean, variance, gamma, beta, dgamma, dbeta  (columns)        all padded to whole vectors
//
// Sums run over the rows in their order; those over more than `longest` rows are cut, and the cuts added in
// order. The variance is taken in a second pass around the mean: sums of squares less a square would cancel.

import { inside } from './lanes';

// The sums of 4 columns of x.
// @ts-ignore: decorator
@inline
function sumOf(x: usize, xStride: usize, rows: usize, longest: usize): v128 {
  let total = f32x4.splat(0);
  while (rows > 0) {
    const cut = min(rows, longest);
    let s = f32x4.splat(0);
    for (let row: usize = 0; row < cut; row++) {
      s = f32x4.add(s, v128.load(x));
      x += xStride;
    }
    total = f32x4.add(total, s);
    rows -= cut;
  }
  return total;
}

// Those of (x - m)².
// @ts-ignore: decorator
@inline
function sumOfSquares(x: usize, xStride: usize, rows: usize, longest: usize, m: v128): v128 {
  let total = f32x4.splat(0);
  while (rows > 0) {
    const cut = min(rows, longest);
    let s = f32x4.splat(0);
    for (let row: usize = 0; row < cut; row++) {
      const d = f32x4.sub(v128.load(x), m);
      s = f32x4.add(s, f32x4.mul(d, d));
      x += xStride;
    }
    total = f32x4.add(total, s);
    rows -= cut;
  }
  return total;
}

// mean = the means of the columns, variance = the means of (x - mean)².
export function moments(
  x: usize,
  xStride: usize,
  rows: usize,
  longest: usize,
  columns: usize,
  mean: usize,
  variance: usize,
): void {
  const n = f32x4.splat(<f32>rows);
  for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
    const m = f32x4.div(sumOf(x + at, xStride, rows, longest), n);
    v128.store(mean + at, m);
    v128.store(variance + at, f32x4.div(sumOfSquares(x + at, xStride, rows, longest, m), n));
  }
}

// average = keep average + share (factor value).
export function movingAverage(
  average: usize,
  value: usize,
  columns: usize,
  keep: f32,
  share: f32,
  factor: f32,
): void {
  const kept = f32x4.splat(keep);
  const taken = f32x4.splat(share);
  const scale = f32x4.splat(factor);
  for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
    const add = f32x4.mul(taken, f32x4.mul(scale, v128.load(value + at)));
    v128.store(average + at, f32x4.add(f32x4.mul(kept, v128.load(average + at)), add));
  }
}

// 1 / sqrt(variance + epsilon).
// @ts-ignore: decorator
@inline
function inverseDeviation(variance: usize, epsilon: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(v128.load(variance), epsilon)));
}

// y = (x - mean) (gamma / sqrt(variance + epsilon)) + beta.
export function normalize(
  x: usize,
  xStride: usize,
  mean: usize,
  variance: usize,
  epsilon: f32,
  gamma: usize,
  beta: usize,
  y: usize,
  yStride: usize,
  columns: usize,
  rows: usize,
): void {
  const e = f32x4.splat(epsilon);
  for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
    const m = v128.load(mean + at);
    const b = v128.load(beta + at);
    const scale = f32x4.mul(v128.load(gamma + at), inverseDeviation(variance + at, e));
    let from = x + at;
    let to = y + at;
    for (let row: usize = 0; row < rows; row++) {
      v128.store(to, f32x4.add(f32x4.mul(f32x4.sub(v128.load(from), m), scale), b));
      from += xStride;
      to += yStride;
    }
  }
}

// dbeta = the sums of dy, dgamma = the sums of dy xhat = dy (x - mean) / sqrt(variance + epsilon).
export function normalizeSums(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  mean: usize,
  variance: usize,
  epsilon: f32,
  rows: usize,
  longest: usize,
  columns: usize,
  dgamma: usize,
  dbeta: usize,
): void {
  const zero = f32x4.splat(0);
  const e = f32x4.splat(epsilon);
  for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
    const m = v128.load(mean + at);
    let products = zero;
    let sums = zero;
    let from = x + at;
    let gradient = dy + at;
    for (let left = rows; left > 0; ) {
      const cut = min(left, longest);
      let p = zero;
      let s = zero;
      for (let row: usize = 0; row < cut; row++) {
        const d = v128.load(gradient);
        s = f32x4.add(s, d);
        p = f32x4.add(p, f32x4.mul(d, f32x4.sub(v128.load(from), m)));
        from += xStride;
        gradient += dyStride;
      }
      products = f32x4.add(products, p);
      sums = f32x4.add(sums, s);
      left -= cut;
    }
    v128.store(dgamma + at, f32x4.mul(products, inverseDeviation(variance + at, e)));
    v128.store(dbeta + at, sums);
  }
}

// to = the sums of (x - mean)² over the rows of one cut.
export function centredSquares(
  x: usize,
  xStride: usize,
  rows: usize,
  columns: usize,
  mean: usize,
  to: usize,
): void {
  for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
    v128.store(to + at, sumOfSquares(x + at, xStride, rows, rows, v128.load(mean + at)));
  }
}

// to = the sums of dy (x - mean) over the rows of one cut.
export function centredProducts(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  rows: usize,
  columns: usize,
  mean: usize,
  to: usize,
): void {
  for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
    const m = v128.load(mean + at);
    let p = f32x4.splat(0);
    let from = x + at;
    let gradient = dy + at;
    for (let row: usize = 0; row < rows; row++) {
      p = f32x4.add(p, f32x4.mul(v128.load(gradient), f32x4.sub(v128.load(from), m)));
      from += xStride;
      gradient += dyStride;
    }
    v128.store(to + at, p);
  }
}

// means = totals / numbers.
export function divideTotals(totals: usize, columns: usize, numbers: f32, means: usize): void {
  const n = f32x4.splat(numbers);
  for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
    v128.store(means + at, f32x4.div(v128.load(totals + at), n));
  }
}

// dgamma = totals / sqrt(variance + epsilon). What is not a column stays 0.
export function scaleTotals(
  totals: usize,
  variance: usize,
  epsilon: f32,
  columns: usize,
  dgamma: usize,
): void {
  const e = f32x4.splat(epsilon);
  for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
    const scaled = f32x4.mul(v128.load(totals + at), inverseDeviation(variance + at, e));
    v128.store(dgamma + at, v128.and(scaled, inside(at, columns)));
  }
}

// dx = gamma / sqrt(variance + epsilon) (dy - dbeta / batch - xhat dgamma / batch).
export function normalizeBackward(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  mean: usize,
  variance: usize,
  epsilon: f32,
  gamma: usize,
  dgamma: usize,
  dbeta: usize,
  dx: usize,
  dxStride: usize,
  columns: usize,
  rows: usize,
  batch: usize,
): void {
  const e = f32x4.splat(epsilon);
  const n = f32x4.splat(<f32>batch);
  for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
    const m = v128.load(mean + at);
    const inverse = inverseDeviation(variance + at, e);
    const scale = f32x4.mul(v128.load(gamma + at), inverse);
    const slope = f32x4.mul(f32x4.div(v128.load(dgamma + at), n), inverse);
    const shift = f32x4.div(v128.load(dbeta + at), n);
    let from = x + at;
    let gradient = dy + at;
    let to = dx + at;
    for (let row: usize = 0; row < rows; row++) {
      const centred = f32x4.sub(v128.load(from), m);
      const d = f32x4.sub(f32x4.sub(v128.load(gradient), shift), f32x4.mul(centred, slope));
      v128.store(to, f32x4.mul(d, scale));
      from += xStride;
      gradient += dyStride;
      to += dxStride;
    }
  }
}
