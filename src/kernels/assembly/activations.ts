// Element-wise activations and their gradients, by rows. y may be x and dx may be dy (in place).
//
//   x, y, dx, dy (rows, vectors * 4)  row-major, one stride in bytes for each
//
// A rectifier's gradient needs only the sign of its output, which for a positive slope is the sign of its input.
// At 0 the derivative is taken from the left.

export function relu(x: usize, xStride: usize, y: usize, yStride: usize, vectors: usize, rows: usize): void {
  const zero = f32x4.splat(0);
  for (let row: usize = 0; row < rows; row++) {
    for (let at: usize = 0, end = vectors * 16; at < end; at += 16) {
      // pmax(v, 0) is v < 0 ? 0 : v, so that a NaN goes on and is not hidden.
      v128.store(y + at, f32x4.pmax(v128.load(x + at), zero));
    }
    x += xStride;
    y += yStride;
  }
}

export function reluBackward(
  y: usize,
  yStride: usize,
  dy: usize,
  dyStride: usize,
  dx: usize,
  dxStride: usize,
  vectors: usize,
  rows: usize,
): void {
  const zero = f32x4.splat(0);
  for (let row: usize = 0; row < rows; row++) {
    for (let at: usize = 0, end = vectors * 16; at < end; at += 16) {
      v128.store(dx + at, v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero)));
    }
    y += yStride;
    dy += dyStride;
    dx += dxStride;
  }
}

export function leakyRelu(
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  vectors: usize,
  rows: usize,
  slope: f32,
): void {
  const zero = f32x4.splat(0);
  const factor = f32x4.splat(slope);
  for (let row: usize = 0; row < rows; row++) {
    for (let at: usize = 0, end = vectors * 16; at < end; at += 16) {
      const v = v128.load(x + at);
      v128.store(y + at, v128.bitselect(v, f32x4.mul(v, factor), f32x4.gt(v, zero)));
    }
    x += xStride;
    y += yStride;
  }
}

export function leakyReluBackward(
  y: usize,
  yStride: usize,
  dy: usize,
  dyStride: usize,
  dx: usize,
  dxStride: usize,
  vectors: usize,
  rows: usize,
  slope: f32,
): void {
  const zero = f32x4.splat(0);
  const factor = f32x4.splat(slope);
  for (let row: usize = 0; row < rows; row++) {
    for (let at: usize = 0, end = vectors * 16; at < end; at += 16) {
      const d = v128.load(dy + at);
      v128.store(dx + at, v128.bitselect(d, f32x4.mul(d, factor), f32x4.gt(v128.load(y + at), zero)));
    }
    y += yStride;
    dy += dyStride;
    dx += dxStride;
  }
}
