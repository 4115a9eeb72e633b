// Adam on one block of parameters: average, moments and update in one pass.
//
//   w, m, v  the block of the parameters, of the first and of the second moment: `runs` pieces of `length`
//            floats, `stride` bytes apart
//   g        the gradient summed over the minibatch, the pieces one after the other
//
//   gradient = g scale + decay w
//   m = beta1 m + (1 - beta1) gradient,  v = beta2 v + (1 - beta2) gradient^2
//   w = keep w - rate m / (sqrt(v) / root + epsilon)
//
// `rate` is the learning rate over 1 - beta1^t and `root` the square root of 1 - beta2^t: the corrections of
// the moments' bias. `keep` is 1, or 1 - learningRate weightDecay where the decay is apart from the gradient
// (AdamW).

import { averageGradient, moveMoment, moveSquare } from './moments';

export function adam(
  w: usize,
  m: usize,
  v: usize,
  g: usize,
  runs: usize,
  length: usize,
  stride: usize,
  scale: f32,
  decay: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  rate: f32,
  root: f32,
  epsilon: f32,
  keep: f32,
): void {
  const n = f32x4.splat(scale);
  const lambda = f32x4.splat(decay);
  for (let run: usize = 0; run < runs; run++) {
    for (let at: usize = 0, end = length * 4; at < end; at += 16) {
      const W = v128.load(w + at);
      const gradient = averageGradient(g, n, W, lambda);
      const first = moveMoment(m + at, beta1, rest1, gradient);
      const second = moveSquare(v + at, beta2, rest2, gradient);
      const size = f32x4.add(f32x4.div(f32x4.sqrt(second), f32x4.splat(root)), f32x4.splat(epsilon));
      const step = f32x4.div(f32x4.mul(f32x4.splat(rate), first), size);
      v128.store(w + at, f32x4.sub(f32x4.mul(f32x4.splat(keep), W), step));
      g += 16;
    }
    w += stride;
    m += stride;
    v += stride;
  }
}
