/** Losses by rows, in WebAssembly. */
import type { LossKernels } from '../../interface/losses.ts';
import { at, type Bound, type Kernel } from './call.ts';

export function losses({ wasm }: Bound): LossKernels {
  return {
    softmaxCrossEntropy: loss(wasm.softmaxCrossEntropy),
    meanSquaredError: loss(wasm.meanSquaredError),
    squaredError: ofTarget(wasm.squaredError),
    absoluteError: ofTarget(wasm.absoluteError),
    huberError: ofTarget(wasm.huberError),
    binaryCrossEntropy: ofTarget(wasm.binaryCrossEntropy),
    weigh(dz, loss, label, weights, { first, count }) {
      wasm.weigh(
        at(dz, first),
        dz.stride * 4,
        (loss.offset + first) * 4,
        (label.offset + first) * 4,
        weights.offset * 4,
        dz.columns,
        count,
      );
    },
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

/** A kernel without delta passes over it. */
const ofTarget =
  (kernel: Kernel): ((...error: [...Parameters<LossKernels['squaredError']>, delta?: number]) => void) =>
  (z, dz, target, loss, { first, count }, delta = 0) => {
    kernel(
      at(z, first),
      z.stride * 4,
      at(dz, first),
      dz.stride * 4,
      at(target, first),
      target.stride * 4,
      (loss.offset + first) * 4,
      z.columns,
      count,
      delta,
    );
  };
