// RMSProp on one block of parameters: average, mean square and update in one pass.
//
//   w, v  the block of the parameters and of the mean square: `runs` pieces of `length` floats, `stride`
//         bytes apart
//   g     the gradient summed over the minibatch, the pieces one after the other
//
//   gradient = g scale + decay w
//   v = rho v + (1 - rho) gradient^2,  w = w - learningRate gradient / (sqrt(v) + epsilon)

import { averageGradient, moveSquare } from './moments';

export function rmsprop(
  w: usize,
  v: usize,
  g: usize,
  runs: usize,
  length: usize,
  stride: usize,
  scale: f32,
  decay: f32,
  learningRate: f32,
  rho: f32,
  rest: f32,
  epsilon: f32,
): void {
  const n = f32x4.splat(scale);
  const lambda = f32x4.splat(decay);
  for (let run: usize = 0; run < runs; run++) {
    for (let at: usize = 0, end = length * 4; at < end; at += 16) {
      const W = v128.load(w + at);
      const gradient = averageGradient(g, n, W, lambda);
      const square = moveSquare(v + at, rho, rest, gradient);
      const size = f32x4.add(f32x4.sqrt(square), f32x4.splat(epsilon));
      v128.store(w + at, f32x4.sub(W, f32x4.div(f32x4.mul(f32x4.splat(learningRate), gradient), size)));
      g += 16;
    }
    w += stride;
    v += stride;
  }
}
