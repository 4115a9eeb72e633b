/** Losses by rows, in WebAssembly. */
import type { LossKernels } from '../../interface/losses.ts';
import { at, type Bound } from './call.ts';

export function losses({ wasm }: Bound): LossKernels {
  // Bound once: a property look-up a call is measurable for small networks.
  const softmaxCrossEntropy = wasm.softmaxCrossEntropy!;
  const meanSquaredError = wasm.meanSquaredError!;
  return {
    softmaxCrossEntropy(z, dz, label, loss, predicted, { first, count }, smoothing = 0) {
      softmaxCrossEntropy(
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
    },
    meanSquaredError(z, dz, label, loss, predicted, { first, count }) {
      meanSquaredError(
        at(z, first),
        z.stride * 4,
        at(dz, first),
        dz.stride * 4,
        (label.offset + first) * 4,
        (loss.offset + first) * 4,
        (predicted.offset + first) * 4,
        z.columns,
        count,
      );
    },
  };
}
