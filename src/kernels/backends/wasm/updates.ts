/** Updates of blocks of parameters, in WebAssembly. */
import type { UpdateKernels } from '../../interface/updates.ts';
import type { Bound } from './call.ts';

export function updates({ wasm }: Bound): UpdateKernels {
  // Bound once: a property look-up a call is measurable for small networks.
  const sumOfSquares = wasm.sumOfSquares!;
  const takeLines = wasm.takeLines!;
  const sgd = wasm.sgd!;
  const momentum = wasm.momentum!;
  const rmsprop = wasm.rmsprop!;
  const adam = wasm.adam!;
  return {
    sumOfSquares(g, length, rows) {
      if (rows === undefined) return sumOfSquares(g * 4, 1, 1, length * 4, length * 4);
      return sumOfSquares(g * 4, length / (rows * 32), rows, 32 * 4, 8 * 4);
    },
    takeLines: (W) => takeLines(W.offset * 4, W.runs, W.length, W.stride * 4),
    sgd(W, g, step) {
      sgd(
        W.offset * 4,
        g * 4,
        W.runs,
        W.length,
        W.stride * 4,
        step.scale,
        step.learningRate,
        step.weightDecay,
      );
    },
    momentum(W, v, g, step, mu, nesterov) {
      momentum(
        W.offset * 4,
        v.offset * 4,
        g * 4,
        W.runs,
        W.length,
        W.stride * 4,
        step.scale,
        step.learningRate,
        step.weightDecay,
        mu,
        nesterov ? 1 : 0,
      );
    },
    rmsprop(W, v, g, { scale, learningRate, weightDecay }, rho, epsilon) {
      rmsprop(
        W.offset * 4,
        v.offset * 4,
        g * 4,
        W.runs,
        W.length,
        W.stride * 4,
        scale,
        weightDecay,
        rho,
        1 - rho,
        learningRate,
        epsilon,
      );
    },
    adam(W, m, v, g, { scale, decay, keep, beta1, beta2, epsilon, rate, root }) {
      adam(
        W.offset * 4,
        m.offset * 4,
        v.offset * 4,
        g * 4,
        W.runs,
        W.length,
        W.stride * 4,
        scale,
        decay,
        beta1,
        1 - beta1,
        beta2,
        1 - beta2,
        rate,
        root,
        epsilon,
        keep,
      );
    },
  };
}
