/** Losses by rows, in WebAssembly. */
import type { Kernels } from '../kernels.ts';
import { at, type Bound } from './call.ts';

type Losses = Pick<Kernels, 'softmaxCrossEntropy'>;

export function losses({ wasm }: Bound): Losses {
  // Bound once: a property look-up a call is measurable for small networks.
  const softmaxCrossEntropy = wasm.softmaxCrossEntropy!;
  return {
    softmaxCrossEntropy(z, dz, label, loss, best, { first, count }) {
      softmaxCrossEntropy(
        at(z, first),
        z.stride * 4,
        at(dz, first),
        dz.stride * 4,
        (label.offset + first) * 4,
        (loss.offset + first) * 4,
        (best.offset + first) * 4,
        z.columns,
        count,
      );
    },
  };
}
