/** Losses by rows, in float64. */
import { exp, log } from '../../foundation/exact.ts';
import type { Kernels } from '../kernels.ts';

type Losses = Pick<Kernels, 'softmaxCrossEntropy'>;

export function losses(m: Float64Array): Losses {
  return {
    softmaxCrossEntropy(z, dz, label, loss, best, { first, count }) {
      for (let r = first; r < first + count; r++) {
        const from = z.offset + r * z.stride;
        const to = dz.offset + r * dz.stride;
        let winner = 0;
        for (let j = 1; j < z.columns; j++) if (m[from + j]! > m[from + winner]!) winner = j;
        const largest = m[from + winner]!;
        let sum = 0;
        for (let j = 0; j < z.columns; j++) {
          m[to + j] = exp(m[from + j]! - largest);
          sum += m[to + j]!;
        }
        for (let j = 0; j < z.columns; j++) m[to + j]! /= sum;
        const target = m[label.offset + r]!;
        m[to + target]! -= 1;
        m[loss.offset + r] = log(sum) - (m[from + target]! - largest);
        m[best.offset + r] = winner;
      }
    },
  };
}
