/** Rectifiers, and the sum of two paths, in WebAssembly. */
import type { ActivationKernels } from '../../interface/activations.ts';
import { chain, map } from './by-rows.ts';
import { at, type Bound } from './call.ts';

export function activations({ wasm }: Bound): ActivationKernels {
  const { add } = wasm;
  const [leakyRelu, leakyReluBackward] = [map(wasm.leakyRelu), chain(wasm.leakyReluBackward)];
  return {
    add(a, b, y, { first, count }) {
      add(at(a, first), at(b, first), at(y, first), y.stride * 4, y.columns, count);
    },
    relu: map(wasm.relu),
    reluBackward: chain(wasm.reluBackward),
    leakyRelu: (x, y, slope, rows) => leakyRelu(x, y, rows, slope),
    leakyReluBackward: (y, dy, dx, slope, rows) => leakyReluBackward(y, dy, dx, rows, slope),
  };
}
