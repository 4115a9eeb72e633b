// jax-js as a peer; see peer.py. Its backend is `wasm`, which has one thread in Node: it starts workers only
// where there is a global `Worker`, as in browsers.
//
// This is its fastest plain form: samples in one array, one-hot labels, minibatches gathered, and one
// compiled function a step, which differentiates and updates. The loss stays in its memory until an epoch
// ends.
import { readFileSync } from 'node:fs';
import { init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { load, permutation, serve, Unsupported } from './peer.mjs';

await init('wasm');
const manifest = new URL('../package.json', import.meta.resolve('@jax-js/jax'));
const { version } = JSON.parse(readFileSync(manifest, 'utf8'));

/** Weights and running statistics of a list of layers, in the order of `apply`, and the number of outputs. */
function initial(model, inputs, state = { weights: [], statistics: [] }) {
  const { weights, statistics } = state;
  let units = inputs;
  for (const layer of model) {
    if (layer.kind === 'dense') {
      const fanIn = units;
      units = layer.units === 'classes' ? 10 : layer.units;
      const W = Float32Array.from({ length: fanIn * units }, () => normal() * Math.sqrt(2 / fanIn));
      weights.push(np.array(W).reshape([fanIn, units]), np.zeros([units]));
    } else if (layer.kind === 'batch-norm') {
      weights.push(np.ones([units]), np.zeros([units]));
      statistics.push(np.zeros([units]), np.ones([units]));
    } else if (layer.kind === 'residual') {
      const before = units;
      ({ units } = initial(layer.layers, before, state));
      initial(layer.shortcut, before, state);
    } else if (!['relu', 'leaky-relu'].includes(layer.kind)) {
      throw new Unsupported(`not written: ${layer.kind}`);
    }
  }
  return { ...state, units };
}

/** A number of the standard normal distribution (Box and Muller). */
function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

/** The outputs of a list of layers. `weights` and `statistics` give the next of each; `following` keeps. */
function apply(model, x, weights, statistics, following) {
  return model.reduce((x, layer) => {
    switch (layer.kind) {
      case 'dense':
        return np.matmul(x, weights.next().value).add(weights.next().value);
      case 'relu':
        return nn.relu(x);
      case 'leaky-relu':
        return nn.leakyRelu(x, layer.slope);
      case 'batch-norm':
        return batchNorm(x, weights, statistics, following);
      default: {
        const path = apply(layer.layers, x.ref, weights, statistics, following);
        return path.add(apply(layer.shortcut, x, weights, statistics, following));
      }
    }
  }, x);
}

function batchNorm(x, weights, statistics, following) {
  const mean = np.mean(x.ref, 0);
  const centred = x.sub(mean.ref);
  const variance = np.mean(np.square(centred.ref), 0);
  for (const now of [mean, variance.ref]) {
    following.push(statistics.next().value.mul(0.9).add(now.mul(0.1)));
  }
  const scale = np.reciprocal(np.sqrt(variance.add(1e-5)));
  return centred.mul(scale).mul(weights.next().value).add(weights.next().value);
}

/** The loss of a minibatch, and the next running statistics. It owns its arguments, as all of jax-js does. */
const lossOf = (model) => (weights, statistics, x, y) => {
  const following = [];
  const count = y.shape[0];
  const z = apply(model, x, weights.values(), statistics.values(), following);
  return [
    nn
      .logSoftmax(z)
      .mul(y)
      .sum()
      .mul(-1 / count),
    following,
  ];
};

/** A function of a weight, its gradient and its slot that returns the next weight and slot. */
function updaterOf({ kind, learningRate: rate, momentum, nesterov, weightDecay, rho, epsilon }) {
  if (kind === 'sgd') {
    return (W, gradient, slot) => {
      // Biases and norms do not decay.
      const g = W.ndim === 2 && weightDecay > 0 ? gradient.add(W.ref.mul(weightDecay)) : gradient;
      const v = slot.mul(momentum).add(g.ref);
      if (nesterov) return [W.sub(v.ref.mul(momentum).add(g).mul(rate)), v];
      g.dispose();
      return [W.sub(v.ref.mul(rate)), v];
    };
  }
  if (kind === 'rmsprop') {
    return (W, g, slot) => {
      const v = slot.mul(rho).add(np.square(g.ref).mul(1 - rho));
      return [W.sub(g.mul(rate).div(np.sqrt(v.ref).add(epsilon))), v];
    };
  }
  throw new Unsupported(`not written: ${kind}`);
}

function stepOf(model, update) {
  const slope = valueAndGrad(lossOf(model), { hasAux: true });
  return jit(({ weights, slots, statistics, total }, x, y) => {
    const count = y.shape[0];
    const [[loss, following], gradients] = slope(tree.ref(weights), statistics, x, y);
    const updated = weights.map((W, i) => update(W, gradients[i], slots[i]));
    return {
      weights: updated.map(([W]) => W),
      slots: updated.map(([, slot]) => slot),
      statistics: following,
      total: total.add(loss.mul(count)),
    };
  });
}

await serve(`jax-js ${version} wasm`, async ({ model, optimizer, batchSize, epochs, samples }) => {
  const { x: numbers, labels, pixels } = load(samples);
  const x = np.array(numbers).reshape([samples, pixels]);
  const y = nn.oneHot(np.array(Int32Array.from(labels)), 10).astype(np.float32);
  const { weights, statistics } = initial(model, pixels);
  const slots = weights.map(({ shape }) => np.zeros(shape));
  const step = stepOf(model, updaterOf(optimizer));
  let state = { weights, slots, statistics, total: np.array(0) };
  const seconds = [];
  let loss = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const begun = performance.now();
    const order = permutation(samples);
    for (let first = 0; first < samples; first += batchSize) {
      const rows = np.array(order.slice(first, first + batchSize));
      state = step(state, x.ref.slice(rows.ref), y.ref.slice(rows));
    }
    // Reading a number waits for all work that was queued.
    loss = (await state.total.jsAsync()) / samples;
    state.total = np.array(0);
    seconds.push((performance.now() - begun) / 1000);
  }
  tree.dispose(state);
  step.dispose();
  x.dispose();
  y.dispose();
  return { seconds, loss };
});
