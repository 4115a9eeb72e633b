// Class weights, by rows: a sample's loss and gradient are multiplied by the weight of its class.
//
//   dz       (rows, classes)  row-major, padded to whole vectors, its stride in bytes
//   loss     (rows)
//   label    (rows)           the class as a float
//   weights  (classes)        finite, so that the padding of dz stays 0

export function weigh(
  dz: usize, dzStride: usize,
  loss: usize, label: usize, weights: usize,
  classes: usize, rows: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const weight = load<f32>(weights + <usize>load<f32>(label + row * 4) * 4);
    const four = f32x4.splat(weight);
    for (let at: usize = 0, end = classes * 4; at < end; at += 16) {
      v128.store(dz + at, f32x4.mul(v128.load(dz + at), four));
    }
    store<f32>(loss + row * 4, load<f32>(loss + row * 4) * weight);
    dz += dzStride;
  }
}
