/** Smooth activations, in WebAssembly. */
import type { SmoothActivationKernels } from '../../interface/smooth-activations.ts';
import { chain, map } from './by-rows.ts';
import type { Bound } from './call.ts';

export function smoothActivations({ wasm }: Bound): SmoothActivationKernels {
  const [elu, eluBackward] = [map(wasm.elu), chain(wasm.eluBackward)];
  return {
    elu: (x, y, alpha, rows) => elu(x, y, rows, alpha),
    eluBackward: (y, dy, dx, alpha, rows) => eluBackward(y, dy, dx, rows, alpha),
    sigmoid: map(wasm.sigmoid),
    sigmoidBackward: chain(wasm.sigmoidBackward),
    tanh: map(wasm.tanh),
    tanhBackward: chain(wasm.tanhBackward),
    silu: map(wasm.silu),
    siluBackward: chain(wasm.siluBackward),
    gelu: map(wasm.gelu),
    geluBackward: chain(wasm.geluBackward),
  };
}
