// The register tiles of convolutions: 4 places x 8 channels of  y = b + (windows) W.
//
//   x, x1, x2, x3  the places' windows. A window is `runs` runs of `steps` numbers each
//   table          (runs) bytes from where the run before has ended to where this one begins; at first from x
//   W              (runs, steps, 8), contiguous
//   b              (8) where every place's sums start
//   y              4 places of 8, yStride bytes apart
//
// A run ends where the turn of eight steps ends that its last step is in: see `runEnd`. The order of the
// lines, and what stands behind TURBOFAN, is for V8, as in tile.ts.

import { twoRows } from './tile';

// The kinds of convolution, names for their tiles only: no object is ever made. `six` columns are all that
// count.
export class Dense {
  // @ts-ignore: decorator
  @inline
  tile(
    x: usize, x1: usize, x2: usize, x3: usize,
    table: usize, runs: usize, steps: usize,
    W: usize, b: usize,
    y: usize, yStride: usize, six: bool,
  ): void {
    if (six) tile6(x, x1, x2, x3, table, runs, steps, W, b, y, yStride);
    else tile8(x, x1, x2, x3, table, runs, steps, W, b, y, yStride);
  }
}

export class Depthwise {
  // @ts-ignore: decorator
  @inline
  tile(
    x: usize, x1: usize, x2: usize, x3: usize,
    table: usize, runs: usize, _steps: usize,
    W: usize, b: usize,
    y: usize, yStride: usize, _six: bool,
  ): void {
    channels4(x, x1, x2, x3, table, runs, W, b, y, yStride);
  }
}

// Bytes from the beginning of a run to its end.
// @ts-ignore: decorator
@inline
export function runEnd(steps: i32): i32 {
  return ((steps + 7) & ~7) * 4;
}

// Functions of their own, which leave their loops all registers.
function tile8(
  x: usize, x1: usize, x2: usize, x3: usize,
  table: usize, runs: usize, steps: usize,
  W: usize, b: usize,
  y: usize, yStride: usize,
): void {
  let s00 = v128.load(b);
  let s01 = v128.load(b, 16);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  let w0: v128;
  let w1: v128;
  let v: v128;
  const back = (((steps + 7) & ~7) - steps) * 32;
  for (; runs > 0; runs--) {
    const jump = <usize>load<i32>(table);
    table += 4;
    x += jump;
    x1 += jump;
    x2 += jump;
    x3 += jump;
    if (TURBOFAN) {
      x &= ~3;
      W &= ~15;
    }
    let left: isize = steps;
    const last = x + steps * 4 - 4;
    while (true) {
      // repeat: k = 0 to 7
      if (!TURBOFAN || left > k) {
        w0 = v128.load(W, 32 * k);
        w1 = v128.load(W, 32 * k + 16);
        v = v128.load_splat<f32>(x3, 4 * k);
        s30 = f32x4.add(s30, f32x4.mul(v, w0));
        s31 = f32x4.add(s31, f32x4.mul(v, w1));
        v = v128.load_splat<f32>(x2, 4 * k);
        s20 = f32x4.add(s20, f32x4.mul(v, w0));
        s21 = f32x4.add(s21, f32x4.mul(v, w1));
        v = v128.load_splat<f32>(x1, 4 * k);
        s10 = f32x4.add(s10, f32x4.mul(v, w0));
        s11 = f32x4.add(s11, f32x4.mul(v, w1));
        v = v128.load_splat<f32>(x, 4 * k);
        s00 = f32x4.add(s00, f32x4.mul(v, w0));
        s01 = f32x4.add(s01, f32x4.mul(v, w1));
      }
      if (!TURBOFAN && x == last - 4 * k) break;
      // end of repeat
      x += 32;
      x1 += 32;
      x2 += 32;
      x3 += 32;
      W += 256;
      left -= 8;
      if (TURBOFAN && left <= 0) break;
    }
    if (!TURBOFAN) {
      x += 32;
      x1 += 32;
      x2 += 32;
      x3 += 32;
      W += 256;
    }
    W -= back;
  }
  v128.store(y, s00);
  v128.store(y, s01, 16);
  y += yStride;
  v128.store(y, s10);
  v128.store(y, s11, 16);
  y += yStride;
  v128.store(y, s20);
  v128.store(y, s21, 16);
  y += yStride;
  v128.store(y, s30);
  v128.store(y, s31, 16);
}

// The first 6 channels only: the last two of two places share a vector, as in tile.ts.
function tile6(
  x: usize, x1: usize, x2: usize, x3: usize,
  table: usize, runs: usize, steps: usize,
  W: usize, b: usize,
  y: usize, yStride: usize,
): void {
  let s00 = v128.load(b);
  let s10 = s00;
  let s20 = s00;
  let s30 = s00;
  let s02 = v128.load_splat<u64>(b, 16);
  let s22 = s02;
  let w0: v128;
  let w2: v128;
  let u: v128;
  let v: v128;
  const back = (((steps + 7) & ~7) - steps) * 32;
  for (; runs > 0; runs--) {
    const jump = <usize>load<i32>(table);
    table += 4;
    x += jump;
    x1 += jump;
    x2 += jump;
    x3 += jump;
    if (TURBOFAN) {
      x &= ~3;
      W &= ~15;
    }
    let left: isize = steps;
    const last = x + steps * 4 - 4;
    while (true) {
      // repeat: k = 0 to 7
      if (!TURBOFAN || left > k) {
        w0 = v128.load(W, 32 * k);
        w2 = v128.load_splat<u64>(W, 32 * k + 16);
        v = v128.load_splat<f32>(x3, 4 * k);
        s30 = f32x4.add(s30, f32x4.mul(v, w0));
        u = v128.load_splat<f32>(x2, 4 * k);
        s20 = f32x4.add(s20, f32x4.mul(u, w0));
        s22 = f32x4.add(s22, f32x4.mul(twoRows(u, v), w2));
        v = v128.load_splat<f32>(x1, 4 * k);
        s10 = f32x4.add(s10, f32x4.mul(v, w0));
        u = v128.load_splat<f32>(x, 4 * k);
        s00 = f32x4.add(s00, f32x4.mul(u, w0));
        s02 = f32x4.add(s02, f32x4.mul(twoRows(u, v), w2));
      }
      if (!TURBOFAN && x == last - 4 * k) break;
      // end of repeat
      x += 32;
      x1 += 32;
      x2 += 32;
      x3 += 32;
      W += 256;
      left -= 8;
      if (TURBOFAN && left <= 0) break;
    }
    if (!TURBOFAN) {
      x += 32;
      x1 += 32;
      x2 += 32;
      x3 += 32;
      W += 256;
    }
    W -= back;
  }
  v128.store(y, s00);
  v128.store64_lane(y, s02, 0, 16);
  y += yStride;
  v128.store(y, s10);
  v128.store64_lane(y, s02, 1, 16);
  y += yStride;
  v128.store(y, s20);
  v128.store64_lane(y, s22, 0, 16);
  y += yStride;
  v128.store(y, s30);
  v128.store64_lane(y, s22, 1, 16);
}

// The same where each channel is a group: x are 8 channels, and a run is one step of them.
function channels4(
  x: usize, x1: usize, x2: usize, x3: usize,
  table: usize, runs: usize,
  W: usize, b: usize,
  y: usize, yStride: usize,
): void {
  let s00 = v128.load(b);
  let s01 = v128.load(b, 16);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  for (; runs > 0; runs--) {
    const jump = <usize>load<i32>(table);
    table += 4;
    x += jump;
    x1 += jump;
    x2 += jump;
    x3 += jump;
    const w0 = v128.load(W);
    const w1 = v128.load(W, 16);
    s30 = f32x4.add(s30, f32x4.mul(v128.load(x3), w0));
    s31 = f32x4.add(s31, f32x4.mul(v128.load(x3, 16), w1));
    s20 = f32x4.add(s20, f32x4.mul(v128.load(x2), w0));
    s21 = f32x4.add(s21, f32x4.mul(v128.load(x2, 16), w1));
    s10 = f32x4.add(s10, f32x4.mul(v128.load(x1), w0));
    s11 = f32x4.add(s11, f32x4.mul(v128.load(x1, 16), w1));
    s00 = f32x4.add(s00, f32x4.mul(v128.load(x), w0));
    s01 = f32x4.add(s01, f32x4.mul(v128.load(x, 16), w1));
    W += 32;
  }
  v128.store(y, s00);
  v128.store(y, s01, 16);
  y += yStride;
  v128.store(y, s10);
  v128.store(y, s11, 16);
  y += yStride;
  v128.store(y, s20);
  v128.store(y, s21, 16);
  y += yStride;
  v128.store(y, s30);
  v128.store(y, s31, 16);
}
