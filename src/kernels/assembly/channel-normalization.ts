// Normalisation of each channel over the rows of the minibatch and the places of their images, and its
// gradient: normalization.ts for images.
//
//   x, y, dy, dx (rows, places, channels)       one stride in bytes a row for each
//   mean, variance, gamma, beta, dgamma, dbeta  (channels)  padded to whole vectors, which stay zero
//
// Sums: of each row over the places in reading order; in a cut of at most `longest` rows over these; over the
// cuts. Sixteen channels at a time, which are a cache line. The last vector of a place may reach into the
// next; what is not a channel is left out of it.
//
// Element by element, a row goes in whole vectors from its first number to its last. So that four numbers
// anywhere find their coefficients beside each other, these are written to scratch memory, with the first
// three once more behind the last.

import { inside } from './lanes';

// The terms that are summed, of a number v of x and d of dy. Names for functions only.
class Value {
  // @ts-ignore: decorator
  @inline
  of(v: v128, _: v128, __: v128): v128 { return v; }
}

class Square {
  // @ts-ignore: decorator
  @inline
  of(v: v128, _: v128, mean: v128): v128 {
    const centred = f32x4.sub(v, mean);
    return f32x4.mul(centred, centred);
  }
}

class Product {
  // @ts-ignore: decorator
  @inline
  of(v: v128, d: v128, mean: v128): v128 { return f32x4.mul(d, f32x4.sub(v, mean)); }
}

// to = the sums of a term of `channels` channels, at most 16. `mean` need not be there for a term without it.
function sums<Term>(
  x: usize, xStride: usize, dy: usize, dyStride: usize,
  rows: usize, longest: usize,
  places: usize, place: usize, channels: usize,
  mean: usize, to: usize,
): void {
  const vectors = (channels + 3) >> 2;
  if (vectors == 4) fourSums<Term>(x, xStride, dy, dyStride, rows, longest, places, place, mean, to);
  else {
    for (let at: usize = 0; at < vectors * 16; at += 16) {
      oneSum<Term>(x + at, xStride, dy + at, dyStride, rows, longest, places, place, mean + at, to + at);
    }
  }
  const last = vectors * 16 - 16;
  v128.store(to + last, v128.and(v128.load(to + last), inside(last, channels)));
}

// @ts-ignore: decorator
@inline
function fourSums<Term>(
  x: usize, xStride: usize, dy: usize, dyStride: usize,
  rows: usize, longest: usize,
  places: usize, place: usize,
  mean: usize, to: usize,
): void {
  const zero = f32x4.splat(0);
  const m0 = v128.load(mean);
  const m1 = v128.load(mean, 16);
  const m2 = v128.load(mean, 32);
  const m3 = v128.load(mean, 48);
  let t0 = zero;
  let t1 = zero;
  let t2 = zero;
  let t3 = zero;
  while (rows > 0) {
    const cut = min(rows, longest);
    let c0 = zero;
    let c1 = zero;
    let c2 = zero;
    let c3 = zero;
    for (let row: usize = 0; row < cut; row++) {
      let s0 = zero;
      let s1 = zero;
      let s2 = zero;
      let s3 = zero;
      let from = x;
      let gradient = dy;
      for (let left = places; left > 0; left--) {
        const term = changetype<Term>(0);
        s0 = f32x4.add(s0, term.of(v128.load(from), v128.load(gradient), m0));
        s1 = f32x4.add(s1, term.of(v128.load(from, 16), v128.load(gradient, 16), m1));
        s2 = f32x4.add(s2, term.of(v128.load(from, 32), v128.load(gradient, 32), m2));
        s3 = f32x4.add(s3, term.of(v128.load(from, 48), v128.load(gradient, 48), m3));
        from += place;
        gradient += place;
      }
      c0 = f32x4.add(c0, s0);
      c1 = f32x4.add(c1, s1);
      c2 = f32x4.add(c2, s2);
      c3 = f32x4.add(c3, s3);
      x += xStride;
      dy += dyStride;
    }
    t0 = f32x4.add(t0, c0);
    t1 = f32x4.add(t1, c1);
    t2 = f32x4.add(t2, c2);
    t3 = f32x4.add(t3, c3);
    rows -= cut;
  }
  v128.store(to, t0);
  v128.store(to, t1, 16);
  v128.store(to, t2, 32);
  v128.store(to, t3, 48);
}

// @ts-ignore: decorator
@inline
function oneSum<Term>(
  x: usize, xStride: usize, dy: usize, dyStride: usize,
  rows: usize, longest: usize,
  places: usize, place: usize,
  mean: usize, to: usize,
): void {
  const m = v128.load(mean);
  let total = f32x4.splat(0);
  while (rows > 0) {
    const cut = min(rows, longest);
    let c = f32x4.splat(0);
    for (let row: usize = 0; row < cut; row++) {
      let s = f32x4.splat(0);
      let from = x;
      let gradient = dy;
      for (let left = places; left > 0; left--) {
        s = f32x4.add(s, changetype<Term>(0).of(v128.load(from), v128.load(gradient), m));
        from += place;
        gradient += place;
      }
      c = f32x4.add(c, s);
      x += xStride;
      dy += dyStride;
    }
    total = f32x4.add(total, c);
    rows -= cut;
  }
  v128.store(to, total);
}

// mean = the means of the channels, variance = the means of (x - mean)².
export function channelMoments(
  x: usize, xStride: usize,
  rows: usize, longest: usize,
  places: usize, place: usize, channels: usize,
  mean: usize, variance: usize,
): void {
  const n = f32x4.splat(<f32>(rows * places));
  for (let channel: usize = 0; channel < channels; channel += 16) {
    const few = min<usize>(channels - channel, 16);
    const to = mean + channel * 4;
    const squares = variance + channel * 4;
    const from = x + channel * 4;
    sums<Value>(from, xStride, from, xStride, rows, longest, places, place, few, to, to);
    divide(to, few, n);
    sums<Square>(from, xStride, from, xStride, rows, longest, places, place, few, to, squares);
    divide(squares, few, n);
  }
}

// @ts-ignore: decorator
@inline
function divide(at: usize, count: usize, n: v128): void {
  for (const end = at + count * 4; at < end; at += 16) v128.store(at, f32x4.div(v128.load(at), n));
}

// dbeta = the sums of dy, dgamma = the sums of dy xhat = dy (x - mean) / sqrt(variance + epsilon).
export function channelNormalizeSums(
  x: usize, xStride: usize,
  dy: usize, dyStride: usize,
  mean: usize, variance: usize, epsilon: f32,
  rows: usize, longest: usize,
  places: usize, place: usize, channels: usize,
  dgamma: usize, dbeta: usize,
): void {
  const e = f32x4.splat(epsilon);
  for (let channel: usize = 0; channel < channels; channel += 16) {
    const few = min<usize>(channels - channel, 16);
    const at = channel * 4;
    const d = dy + at;
    sums<Value>(d, dyStride, d, dyStride, rows, longest, places, place, few, dbeta + at, dbeta + at);
    sums<Product>(x + at, xStride, d, dyStride, rows, longest, places, place, few, mean + at, dgamma + at);
    for (let i = at, end = at + few * 4; i < end; i += 16) {
      const product = f32x4.mul(v128.load(dgamma + i), inverseDeviation(variance + i, e));
      // Beyond the channels the variance is 0, and epsilon may be.
      v128.store(dgamma + i, v128.and(product, inside(i, channels)));
    }
  }
}

// to = the sums of (x - mean)² over the rows of one cut.
export function channelCentredSquares(
  x: usize, xStride: usize,
  rows: usize,
  places: usize, place: usize, channels: usize,
  mean: usize, to: usize,
): void {
  for (let channel: usize = 0; channel < channels; channel += 16) {
    const few = min<usize>(channels - channel, 16);
    const at = channel * 4;
    sums<Square>(x + at, xStride, x + at, xStride, rows, rows, places, place, few, mean + at, to + at);
  }
}

// to = the sums of dy (x - mean) over the rows of one cut.
export function channelCentredProducts(
  x: usize, xStride: usize,
  dy: usize, dyStride: usize,
  rows: usize,
  places: usize, place: usize, channels: usize,
  mean: usize, to: usize,
): void {
  for (let channel: usize = 0; channel < channels; channel += 16) {
    const few = min<usize>(channels - channel, 16);
    const at = channel * 4;
    sums<Product>(x + at, xStride, dy + at, dyStride, rows, rows, places, place, few, mean + at, to + at);
  }
}

// 1 / sqrt(variance + epsilon).
// @ts-ignore: decorator
@inline
function inverseDeviation(variance: usize, epsilon: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(v128.load(variance), epsilon)));
}

// The first three of so many numbers, once more behind the last.
// @ts-ignore: decorator
@inline
function repeat(from: usize, count: usize): void {
  for (let i: usize = 0; i < 3; i++) store<f32>(from + (count + i) * 4, load<f32>(from + i * 4));
}

// The index of the coefficients four numbers further.
// @ts-ignore: decorator
@inline
function four(index: usize, channels: usize): usize {
  index += 4;
  while (index >= channels) index -= channels;
  return index;
}

// y = (x - mean) (gamma / sqrt(variance + epsilon)) + beta.
//   coefficients  scratch for (3, channels padded to whole vectors and one more)
export function channelNormalize(
  x: usize, xStride: usize,
  mean: usize, variance: usize, epsilon: f32,
  gamma: usize, beta: usize,
  y: usize, yStride: usize,
  columns: usize, channels: usize,
  rows: usize,
  coefficients: usize,
): void {
  const e = f32x4.splat(epsilon);
  const size = ((channels + 3) & ~3) * 4 + 16;
  const scales = coefficients + size;
  const shifts = scales + size;
  for (let at: usize = 0, end = channels * 4; at < end; at += 16) {
    v128.store(coefficients + at, v128.load(mean + at));
    v128.store(scales + at, f32x4.mul(v128.load(gamma + at), inverseDeviation(variance + at, e)));
    v128.store(shifts + at, v128.load(beta + at));
  }
  repeat(coefficients, channels);
  repeat(scales, channels);
  repeat(shifts, channels);
  for (let row: usize = 0; row < rows; row++) {
    let channel: usize = 0;
    const end = columns * 4;
    for (let at: usize = 0; at < end; at += 16) {
      const c = channel * 4;
      const centred = f32x4.sub(v128.load(x + at), v128.load(coefficients + c));
      const value = f32x4.add(f32x4.mul(centred, v128.load(scales + c)), v128.load(shifts + c));
      v128.store(y + at, at + 16 > end ? v128.and(value, inside(at, columns)) : value);
      channel = four(channel, channels);
    }
    x += xStride;
    y += yStride;
  }
}

// dx = gamma / sqrt(variance + epsilon) (dy - dbeta / batch - xhat dgamma / batch); dx may be dy.
//   coefficients  scratch for (4, channels padded to whole vectors and one more)
export function channelNormalizeBackward(
  x: usize, xStride: usize,
  dy: usize, dyStride: usize,
  mean: usize, variance: usize, epsilon: f32,
  gamma: usize, dgamma: usize, dbeta: usize,
  dx: usize, dxStride: usize,
  columns: usize, channels: usize,
  rows: usize, batch: usize,
  coefficients: usize,
): void {
  const e = f32x4.splat(epsilon);
  const n = f32x4.splat(<f32>batch);
  const size = ((channels + 3) & ~3) * 4 + 16;
  const scales = coefficients + size;
  const slopes = scales + size;
  const shifts = slopes + size;
  for (let at: usize = 0, end = channels * 4; at < end; at += 16) {
    const inverse = inverseDeviation(variance + at, e);
    v128.store(coefficients + at, v128.load(mean + at));
    v128.store(scales + at, f32x4.mul(v128.load(gamma + at), inverse));
    v128.store(slopes + at, f32x4.mul(f32x4.div(v128.load(dgamma + at), n), inverse));
    v128.store(shifts + at, f32x4.div(v128.load(dbeta + at), n));
  }
  repeat(coefficients, channels);
  repeat(scales, channels);
  repeat(slopes, channels);
  repeat(shifts, channels);
  for (let row: usize = 0; row < rows; row++) {
    let channel: usize = 0;
    const end = columns * 4;
    for (let at: usize = 0; at < end; at += 16) {
      const c = channel * 4;
      const centred = f32x4.sub(v128.load(x + at), v128.load(coefficients + c));
      const d = f32x4.sub(v128.load(dy + at), v128.load(shifts + c));
      const value = f32x4.mul(
        f32x4.sub(d, f32x4.mul(centred, v128.load(slopes + c))),
        v128.load(scales + c),
      );
      v128.store(dx + at, at + 16 > end ? v128.and(value, inside(at, columns)) : value);
      channel = four(channel, channels);
    }
    x += xStride;
    dy += dyStride;
    dx += dxStride;
  }
}
