/** Updates of blocks of parameters, in WebAssembly. */
import type { UpdateKernels } from '../../interface/updates.ts';
import type { Bound } from './call.ts';
import { denseWidth, sparseWidth } from './layout.ts';

export function updates({ wasm }: Bound): UpdateKernels {
  const { sumOfSquares, takeLines, sgd, momentum, rmsprop, adam } = wasm;
  return {
    sumOfSquares(g, length, rows) {
      if (rows === undefined) return sumOfSquares(g * 4, 1, 1, length * 4, length * 4);
      const panels = length / (rows * sparseWidth);
      return sumOfSquares(g * 4, panels, rows, sparseWidth * 4, denseWidth * 4);
    },
    takeLines: (W) => takeLines(W.offset * 4, W.runs, W.length, W.stride * 4),
    sgd(W, g, { scale, learningRate, weightDecay }) {
      sgd(W.offset * 4, g * 4, W.runs, W.length, W.stride * 4, scale, weightDecay, learningRate);
    },
    momentum(W, v, g, { scale, learningRate, weightDecay }, mu, nesterov) {
      momentum(
        W.offset * 4,
        v.offset * 4,
        g * 4,
        W.runs,
        W.length,
        W.stride * 4,
        scale,
        weightDecay,
        learningRate,
        mu,
        Number(nesterov),
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
        learningRate,
        rho,
        1 - rho,
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
