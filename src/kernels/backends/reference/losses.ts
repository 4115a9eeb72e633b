/** Losses by rows, in float64. */
import { exp, log } from '../../../foundation/exact.ts';
import type { LossKernels } from '../../interface/losses.ts';

export function losses(m: Float64Array): LossKernels {
  return {
    softmaxCrossEntropy(z, dz, label, loss, predicted, { first, count }, smoothing = 0) {
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
        const target = m[label.offset + r]!;
        let expected = 0; // The sum of t z, the largest logit taken off.
        for (let j = 0; j < z.columns; j++) {
          const t = (j === target ? 1 - smoothing : 0) + smoothing / z.columns;
          expected += t * (m[from + j]! - largest);
          m[to + j] = m[to + j]! / sum - t;
        }
        m[loss.offset + r] = log(sum) - expected;
        m[predicted.offset + r] = winner;
      }
    },
    meanSquaredError(z, dz, label, loss, predicted, { first, count }) {
      for (let r = first; r < first + count; r++) {
        const from = z.offset + r * z.stride;
        const to = dz.offset + r * dz.stride;
        const target = m[label.offset + r]!;
        let winner = 0;
        let sum = 0;
        for (let j = 0; j < z.columns; j++) {
          if (m[from + j]! > m[from + winner]!) winner = j;
          const error = m[from + j]! - (j === target ? 1 : 0);
          sum += error * error;
          m[to + j] = (2 * error) / z.columns;
        }
        m[loss.offset + r] = sum / z.columns;
        m[predicted.offset + r] = winner;
      }
    },
  };
}
