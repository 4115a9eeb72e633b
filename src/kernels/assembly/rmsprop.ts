// RMSProp on one block of parameters: average, mean square and update in one pass.
//
//   w, v  the block of the parameters and of the mean square: `runs` pieces of `length` floats, `stride` bytes apart
//   g     the gradient summed over the minibatch, the pieces one after the other
//
//   gradient = g share + decay w
//   v = rho v + (1 - rho) gradient^2,  w = w - learningRate gradient / (sqrt(v) + epsilon)
//
// A mean square below 2^-100 becomes zero, and a gradient below 2^-50 does not enter it, so that no subnormal number
// arises.

import { vanishing, vanishingRoot } from './vanishing';

export function rmsprop(
  w: usize,
  v: usize,
  g: usize,
  runs: usize,
  length: usize,
  stride: usize,
  share: f32,
  decay: f32,
  rho: f32,
  rest: f32,
  learningRate: f32,
  epsilon: f32,
): void {
  const n = f32x4.splat(share);
  const lambda = f32x4.splat(decay);
  const limit = f32x4.splat(vanishing);
  const limitRoot = f32x4.splat(vanishingRoot);
  for (let run: usize = 0; run < runs; run++) {
    for (let at: usize = 0, end = length * 4; at < end; at += 16) {
      const W = v128.load(w + at);
      const gradient = f32x4.add(f32x4.mul(v128.load(g), n), f32x4.mul(lambda, W));
      const counted = v128.and(gradient, f32x4.ge(f32x4.abs(gradient), limitRoot));
      let square = f32x4.add(
        f32x4.mul(f32x4.splat(rho), v128.load(v + at)),
        f32x4.mul(f32x4.splat(rest), f32x4.mul(counted, counted)),
      );
      square = v128.and(square, f32x4.ge(square, limit));
      v128.store(v + at, square);
      const size = f32x4.add(f32x4.sqrt(square), f32x4.splat(epsilon));
      v128.store(w + at, f32x4.sub(W, f32x4.div(f32x4.mul(f32x4.splat(learningRate), gradient), size)));
      g += 16;
    }
    w += stride;
    v += stride;
  }
}
