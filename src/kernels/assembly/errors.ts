// Losses that are a mean of errors e = z - t, by rows:
//
//   squaredError   loss = mean of e^2,    dz = 2 e / outputs
//   absoluteError  loss = mean of |e|,    dz = sign(e) / outputs, 0 at 0
//   huberError     loss = mean of e^2 / 2 where |e| <= delta, of delta (|e| - delta / 2) elsewhere,
//                  dz = e / outputs, with e between -delta and delta
//
//   z, dz, t  (rows, outputs)  row-major, padded to whole vectors, one stride in bytes for each
//   loss      (rows)
//
// A row is one sum over its outputs, four lanes wide; the lanes are added at the end. The padding of dz
// becomes 0, whatever that of z and t is.

import { inside, sumOfLanes } from './lanes';

class Squared {
  @inline loss(e: v128, _: v128): v128 {
    return f32x4.mul(e, e);
  }

  @inline slope(e: v128, _: v128): v128 {
    return f32x4.add(e, e);
  }
}

class Absolute {
  @inline loss(e: v128, _: v128): v128 {
    return f32x4.abs(e);
  }

  // 1 with the sign of e. What is neither above 0 nor below it stays: 0, and NaN.
  @inline slope(e: v128, _: v128): v128 {
    const zero = f32x4.splat(0);
    const one = v128.or(f32x4.splat(1), v128.and(e, i32x4.splat(0x80000000)));
    return v128.bitselect(one, e, v128.or(f32x4.gt(e, zero), f32x4.lt(e, zero)));
  }
}

class Huber {
  // With c = e between -delta and delta, c (e - c / 2) is e^2 / 2 inside and delta (|e| - delta / 2) outside.
  @inline loss(e: v128, delta: v128): v128 {
    const c = this.slope(e, delta);
    return f32x4.mul(c, f32x4.sub(e, f32x4.mul(c, f32x4.splat(0.5))));
  }

  // Minimum and maximum of NaN are NaN.
  @inline slope(e: v128, delta: v128): v128 {
    return f32x4.max(f32x4.min(e, delta), f32x4.neg(delta));
  }
}

// @ts-ignore: decorator
@inline
function errorRows<F>(
  z: usize, zStride: usize,
  dz: usize, dzStride: usize,
  t: usize, tStride: usize,
  loss: usize,
  outputs: usize, rows: usize,
  a: v128,
): void {
  const count = f32x4.splat(<f32>outputs);
  for (let row: usize = 0; row < rows; row++) {
    let sums = f32x4.splat(0);
    for (let at: usize = 0, end = outputs * 4; at < end; at += 16) {
      const e = v128.and(f32x4.sub(v128.load(z + at), v128.load(t + at)), inside(at, outputs));
      sums = f32x4.add(sums, changetype<F>(0).loss(e, a));
      v128.store(dz + at, f32x4.div(changetype<F>(0).slope(e, a), count));
    }
    store<f32>(loss + row * 4, sumOfLanes(sums) / <f32>outputs);
    z += zStride;
    dz += dzStride;
    t += tStride;
  }
}

export function squaredError(
  z: usize, zStride: usize,
  dz: usize, dzStride: usize,
  t: usize, tStride: usize,
  loss: usize,
  outputs: usize, rows: usize,
): void {
  errorRows<Squared>(z, zStride, dz, dzStride, t, tStride, loss, outputs, rows, f32x4.splat(0));
}

export function absoluteError(
  z: usize, zStride: usize,
  dz: usize, dzStride: usize,
  t: usize, tStride: usize,
  loss: usize,
  outputs: usize, rows: usize,
): void {
  errorRows<Absolute>(z, zStride, dz, dzStride, t, tStride, loss, outputs, rows, f32x4.splat(0));
}

export function huberError(
  z: usize, zStride: usize,
  dz: usize, dzStride: usize,
  t: usize, tStride: usize,
  loss: usize,
  outputs: usize, rows: usize,
  delta: f32,
): void {
  errorRows<Huber>(z, zStride, dz, dzStride, t, tStride, loss, outputs, rows, f32x4.splat(delta));
}
