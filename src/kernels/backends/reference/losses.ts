/** Losses by rows, in float64. */
import { exp, log, log1p, logistic } from '../../../foundation/exact.ts';
import type { Matrix, Range, Vector } from '../../../foundation/shapes.ts';
import type { LossKernels } from '../../interface/losses.ts';

export function losses(m: Float64Array): LossKernels {
  /** The mean over the outputs of what an output costs, and its slope / outputs. */
  function mean(
    z: Matrix,
    dz: Matrix,
    target: Matrix,
    loss: Vector,
    { first, count }: Range,
    cost: (z: number, t: number) => number,
    slope: (z: number, t: number) => number,
  ): void {
    for (let r = first; r < first + count; r++) {
      let sum = 0;
      for (let j = 0; j < z.columns; j++) {
        const output = m[z.offset + r * z.stride + j]!;
        const t = m[target.offset + r * target.stride + j]!;
        sum += cost(output, t);
        m[dz.offset + r * dz.stride + j] = slope(output, t) / z.columns;
      }
      m[loss.offset + r] = sum / z.columns;
    }
  }
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
    squaredError(z, dz, target, loss, rows) {
      const cost = (z: number, t: number) => (z - t) * (z - t);
      mean(z, dz, target, loss, rows, cost, (z, t) => 2 * (z - t));
    },
    absoluteError(z, dz, target, loss, rows) {
      const cost = (z: number, t: number) => Math.abs(z - t);
      mean(z, dz, target, loss, rows, cost, (z, t) => Math.sign(z - t));
    },
    huberError(z, dz, target, loss, rows, delta) {
      const cost = (z: number, t: number) => {
        const size = Math.abs(z - t);
        return size > delta ? delta * (size - delta / 2) : (size * size) / 2;
      };
      mean(z, dz, target, loss, rows, cost, (z, t) => Math.min(Math.max(z - t, -delta), delta));
    },
    binaryCrossEntropy(z, dz, target, loss, rows) {
      // ln(1 + e^z) is max(z, 0) + ln(1 + e^-|z|). Taking t z off leaves |z| times the share that is wrong.
      const cost = (z: number, t: number) => Math.abs(z) * (z > 0 ? 1 - t : t) + log1p(exp(-Math.abs(z)));
      // s - t without cancellation: 1 - s is the logistic function of -z.
      mean(z, dz, target, loss, rows, cost, (z, t) => (1 - t) * logistic(z) - t * logistic(-z));
    },
    weigh(dz, loss, label, weights, { first, count }) {
      for (let r = first; r < first + count; r++) {
        const weight = m[weights.offset + m[label.offset + r]!]!;
        for (let j = 0; j < dz.columns; j++) m[dz.offset + r * dz.stride + j]! *= weight;
        m[loss.offset + r]! *= weight;
      }
    },
  };
}
