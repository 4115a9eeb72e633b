// Softmax and cross-entropy in one, by rows:
// loss = ln(sum of e^z) - z[label], dz = softmax(z) - onehot(label).
//
// With smoothing s the target is t = (1 - s) onehot(label) + s / classes: loss = ln(sum of e^z) - sum of t z,
// dz = softmax(z) - t.
//
//   z, dz      (rows, classes)  row-major, padded to whole vectors, one stride in bytes for each
//   label      (rows)           the class as a float
//   loss       (rows)
//   predicted  (rows)           the class of the largest logit as a float, the first of equals
//
// The largest logit is subtracted before the exponential (log-sum-exp), so nothing overflows and the sum is
// at least 1. A row is one sum over its classes, four lanes wide; the lanes are added at the end.

import { expNegative, log } from './exact';
import { inside, sumOfLanes } from './lanes';

export function softmaxCrossEntropy(
  z: usize,
  zStride: usize,
  dz: usize,
  dzStride: usize,
  label: usize,
  loss: usize,
  predicted: usize,
  classes: usize,
  rows: usize,
  smoothing: f32,
): void {
  const share = f32x4.splat(smoothing / <f32>classes);
  for (let row: usize = 0; row < rows; row++) {
    let largest = load<f32>(z);
    let winner: usize = 0;
    for (let j: usize = 1; j < classes; j++) {
      const value = load<f32>(z + j * 4);
      if (value > largest) {
        largest = value;
        winner = j;
      }
    }
    const shift = f32x4.splat(largest);
    let sums = f32x4.splat(0);
    for (let j: usize = 0; j < classes; j += 4) {
      // Lanes past the last class become 0.
      const e = v128.and(expNegative(f32x4.sub(v128.load(z + j * 4), shift)), inside(j * 4, classes));
      v128.store(dz + j * 4, e);
      sums = f32x4.add(sums, e);
    }
    const sum = sumOfLanes(sums);
    const total = f32x4.splat(sum);
    for (let j: usize = 0; j < classes; j += 4) {
      v128.store(dz + j * 4, f32x4.div(v128.load(dz + j * 4), total));
    }
    let mean: f32 = 0;
    if (smoothing > 0) {
      let distances = f32x4.splat(0);
      for (let j: usize = 0; j < classes; j += 4) {
        const mask = inside(j * 4, classes);
        distances = f32x4.add(distances, v128.and(f32x4.sub(v128.load(z + j * 4), shift), mask));
        v128.store(dz + j * 4, f32x4.sub(v128.load(dz + j * 4), v128.and(share, mask)));
      }
      mean = sumOfLanes(distances) / <f32>classes;
    }
    const target = <usize>load<f32>(label + row * 4);
    const at = dz + target * 4;
    store<f32>(at, load<f32>(at) - (1 - smoothing));
    const near = load<f32>(z + target * 4) - largest;
    // Without smoothing the two products would leave the number as it is.
    store<f32>(loss + row * 4, log(sum) - (smoothing > 0 ? (1 - smoothing) * near + smoothing * mean : near));
    store<f32>(predicted + row * 4, <f32>winner);
    z += zStride;
    dz += dzStride;
  }
}
