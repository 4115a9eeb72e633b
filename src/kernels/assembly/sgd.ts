// Stochastic gradient descent on one block of parameters: average and update in one pass.
//
//   w, v  the block of the parameters and of their velocity: `runs` pieces of `length` floats, `stride` bytes
//         apart
//   g     the gradient summed over the minibatch, the pieces one after the other
//
//   gradient = g scale + weightDecay w
//   w = w - learningRate gradient
//
// The gradient of a block is still in the level-1 cache when this runs. See docs/kernels.md, "Updates".

import { averageGradient, vanishing } from './moments';

export function sgd(
  w: usize,
  g: usize,
  runs: usize,
  length: usize,
  stride: usize,
  scale: f32,
  weightDecay: f32,
  learningRate: f32,
): void {
  const n = f32x4.splat(scale);
  const eta = f32x4.splat(learningRate);
  const lambda = f32x4.splat(weightDecay);
  for (let run: usize = 0; run < runs; run++) {
    for (let at: usize = 0, end = length * 4; at < end; at += 16) {
      const W = v128.load(w + at);
      const gradient = averageGradient(g, n, W, lambda);
      v128.store(w + at, f32x4.sub(W, f32x4.mul(eta, gradient)));
      g += 16;
    }
    w += stride;
  }
}

// v = mu v + gradient; w = w - learningRate v, or with Nesterov w - learningRate (gradient + mu v).
export function momentum(
  w: usize,
  v: usize,
  g: usize,
  runs: usize,
  length: usize,
  stride: usize,
  scale: f32,
  weightDecay: f32,
  learningRate: f32,
  mu: f32,
  nesterov: bool,
): void {
  const n = f32x4.splat(scale);
  const eta = f32x4.splat(learningRate);
  const lambda = f32x4.splat(weightDecay);
  const m = f32x4.splat(mu);
  for (let run: usize = 0; run < runs; run++) {
    const end = w + length * 4;
    if (nesterov) {
      if (weightDecay == 0) descend(w, end, v, g, n, eta, lambda, m, false, true);
      else descend(w, end, v, g, n, eta, lambda, m, true, true);
    } else {
      if (weightDecay == 0) descend(w, end, v, g, n, eta, lambda, m, false, false);
      else descend(w, end, v, g, n, eta, lambda, m, true, false);
    }
    g += length * 4;
    w += stride;
    v += stride;
  }
}

// One piece. `decay` and `nesterov` are constants, so the loop does not ask for them. Without decay, 0 W is
// not added: it could only change the sign of a gradient that is zero, and neither the velocity nor the step
// shows it.
// @ts-ignore: decorator
@inline
function descend(
  w: usize,
  end: usize,
  v: usize,
  g: usize,
  n: v128,
  eta: v128,
  lambda: v128,
  m: v128,
  decay: bool,
  nesterov: bool,
): void {
  const limit = f32x4.splat(vanishing);
  const magnitude = i32x4.splat(0x7fffffff);
  for (; w < end; w += 16) {
    const W = v128.load(w);
    let gradient = f32x4.mul(v128.load(g), n);
    if (decay) gradient = f32x4.add(gradient, f32x4.mul(lambda, W));
    let velocity = f32x4.add(f32x4.mul(m, v128.load(v)), gradient);
    velocity = v128.and(velocity, f32x4.ge(v128.and(velocity, magnitude), limit));
    v128.store(v, velocity);
    const step = nesterov ? f32x4.add(gradient, f32x4.mul(m, velocity)) : velocity;
    v128.store(w, f32x4.sub(W, f32x4.mul(eta, step)));
    g += 16;
    v += 16;
  }
}
