/** Updates of blocks of parameters, in WebAssembly. */
import type { Kernels } from '../kernels.ts';
import type { Bound } from './call.ts';

type Updates = Pick<Kernels, 'takeLines' | 'sgd' | 'momentum'>;

export function updates({ wasm }: Bound): Updates {
  // Bound once: a property look-up a call is measurable for small networks.
  const takeLines = wasm.takeLines!;
  const sgd = wasm.sgd!;
  const momentum = wasm.momentum!;
  return {
    takeLines: (W) => takeLines(W.offset * 4, W.runs, W.length, W.stride * 4),
    sgd(W, g, step) {
      sgd(
        W.offset * 4,
        g * 4,
        W.runs,
        W.length,
        W.stride * 4,
        step.share,
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
        step.share,
        step.learningRate,
        step.weightDecay,
        mu,
        nesterov ? 1 : 0,
      );
    },
  };
}
