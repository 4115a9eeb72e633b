// Sigmoid and binary cross-entropy in one, by rows. With s = sigmoid(z):
// loss = mean of -(t ln s + (1 - t) ln(1 - s)), dz = (s - t) / outputs.
//
//   z, dz, t  (rows, outputs)  row-major, padded to whole vectors, one stride in bytes for each
//   loss      (rows)
//
// t is from 0 to 1.
//
// Both are made of e = e^-|z|, so nothing overflows. The loss of an output is |z| times the share of t that
// is wrong, plus ln(1 + e). The sigmoid is 1 / (1 + e) or e / (1 + e), and 1 - s the other of the two: no
// digits cancel, and the gradient of an answer that is nearly right keeps all of them. e^-|z| is 0 from
// |z| = 69 on, and so are loss and gradient of a right answer.
//
// A row is one sum over its outputs, four lanes wide; the lanes are added at the end. The padding of dz
// becomes 0, whatever that of z and t is.

import { expNegative, log1p4 } from './exact';
import { inside, sumOfLanes } from './lanes';

export function binaryCrossEntropy(
  z: usize, zStride: usize,
  dz: usize, dzStride: usize,
  t: usize, tStride: usize,
  loss: usize,
  outputs: usize, rows: usize,
): void {
  const one = f32x4.splat(1);
  const count = f32x4.splat(<f32>outputs);
  for (let row: usize = 0; row < rows; row++) {
    let sums = f32x4.splat(0);
    for (let at: usize = 0, end = outputs * 4; at < end; at += 16) {
      const x = v128.load(z + at);
      const target = v128.load(t + at);
      const mask = inside(at, outputs);
      const right = f32x4.gt(x, f32x4.splat(0));
      const size = f32x4.abs(x);
      const rest = f32x4.sub(one, target);
      const e = expNegative(f32x4.neg(size));
      const wrong = f32x4.mul(size, v128.bitselect(rest, target, right));
      sums = f32x4.add(sums, v128.and(f32x4.add(wrong, log1p4(e)), mask));
      const sum = f32x4.add(one, e);
      const large = f32x4.div(one, sum);
      const small = f32x4.div(e, sum);
      const s = v128.bitselect(large, small, right);
      const opposite = v128.bitselect(small, large, right);
      const slope = f32x4.sub(f32x4.mul(rest, s), f32x4.mul(target, opposite));
      v128.store(dz + at, v128.and(f32x4.div(slope, count), mask));
    }
    store<f32>(loss + row * 4, sumOfLanes(sums) / <f32>outputs);
    z += zStride;
    dz += dzStride;
    t += tStride;
  }
}
