/** Smooth activations by rows, in WebAssembly. */
import type { Matrix, Range } from '../../../foundation/shapes.ts';
import type { SmoothActivationKernels } from '../../interface/smooth-activations.ts';
import { at, type Bound, type Exports } from './call.ts';

type Kernel = Exports[string];

export function smoothActivations({ wasm }: Bound): SmoothActivationKernels {
  const elu = wasm.elu!;
  const eluBackward = wasm.eluBackward!;
  return {
    elu(x, y, alpha, { first, count }) {
      elu(at(x, first), x.stride * 4, at(y, first), y.stride * 4, x.columns, count, alpha);
    },
    eluBackward(y, dy, dx, alpha, { first, count }) {
      eluBackward(
        at(y, first),
        y.stride * 4,
        at(dy, first),
        dy.stride * 4,
        at(dx, first),
        dx.stride * 4,
        y.columns,
        count,
        alpha,
      );
    },
    sigmoid: forward(wasm.sigmoid!),
    sigmoidBackward: backward(wasm.sigmoidBackward!),
    tanh: forward(wasm.tanh!),
    tanhBackward: backward(wasm.tanhBackward!),
    silu: forward(wasm.silu!),
    siluBackward: backward(wasm.siluBackward!),
    gelu: forward(wasm.gelu!),
    geluBackward: backward(wasm.geluBackward!),
  };
}

/** y from x. */
function forward(kernel: Kernel) {
  return (x: Matrix, y: Matrix, { first, count }: Range) =>
    kernel(at(x, first), x.stride * 4, at(y, first), y.stride * 4, x.columns, count);
}

/** dx from dy and `kept`, which is x or y. */
function backward(kernel: Kernel) {
  return (kept: Matrix, dy: Matrix, dx: Matrix, { first, count }: Range) =>
    kernel(
      at(kept, first),
      kept.stride * 4,
      at(dy, first),
      dy.stride * 4,
      at(dx, first),
      dx.stride * 4,
      kept.columns,
      count,
    );
}
