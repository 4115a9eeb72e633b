/** Losses by rows, in WebAssembly. */
import type { LossKernels } from '../../interface/losses.ts';
import { at, type Bound, type Kernel } from './call.ts';

export function losses({ wasm }: Bound): LossKernels {
  return {
    softmaxCrossEntropy: loss(wasm.softmaxCrossEntropy),
    meanSquaredError: loss(wasm.meanSquaredError),
  };
}

/** A kernel without smoothing passes over it. */
const loss =
  (kernel: Kernel): LossKernels['softmaxCrossEntropy'] =>
  (z, dz, label, loss, predicted, { first, count }, smoothing = 0) => {
    kernel(
      at(z, first),
      z.stride * 4,
      at(dz, first),
      dz.stride * 4,
      (label.offset + first) * 4,
      (loss.offset + first) * 4,
      (predicted.offset + first) * 4,
      z.columns,
      count,
      smoothing,
    );
  };
