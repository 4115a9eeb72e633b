/** Element-wise activations by rows, in WebAssembly. */
import type { ActivationKernels } from '../../interface/activations.ts';
import { at, type Bound } from './call.ts';

export function activations({ wasm }: Bound): ActivationKernels {
  // Bound once: a property look-up a call is measurable for small networks.
  const relu = wasm.relu!;
  const reluBackward = wasm.reluBackward!;
  const leakyRelu = wasm.leakyRelu!;
  const leakyReluBackward = wasm.leakyReluBackward!;
  const add = wasm.add!;
  return {
    add(a, b, y, { first, count }) {
      add(at(a, first), at(b, first), at(y, first), y.stride * 4, Math.ceil(y.columns / 4), count);
    },
    relu(x, y, { first, count }) {
      relu(at(x, first), x.stride * 4, at(y, first), y.stride * 4, Math.ceil(x.columns / 4), count);
    },
    reluBackward(y, dy, dx, { first, count }) {
      reluBackward(
        at(y, first),
        y.stride * 4,
        at(dy, first),
        dy.stride * 4,
        at(dx, first),
        dx.stride * 4,
        Math.ceil(y.columns / 4),
        count,
      );
    },
    leakyRelu(x, y, slope, { first, count }) {
      leakyRelu(
        at(x, first),
        x.stride * 4,
        at(y, first),
        y.stride * 4,
        Math.ceil(x.columns / 4),
        count,
        slope,
      );
    },
    leakyReluBackward(y, dy, dx, slope, { first, count }) {
      leakyReluBackward(
        at(y, first),
        y.stride * 4,
        at(dy, first),
        dy.stride * 4,
        at(dx, first),
        dx.stride * 4,
        Math.ceil(y.columns / 4),
        count,
        slope,
      );
    },
  };
}
