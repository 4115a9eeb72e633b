/** Normalisation of columns over the rows, in float64. */
import { longestSum } from '../../../foundation/cuts.ts';
import { type Range, roundUp } from '../../../foundation/shapes.ts';
import type { NormalizationKernels } from '../../interface/normalization.ts';

export function normalization(m: Float64Array): NormalizationKernels {
  /** The sum of a term over rows; long sums are cut. */
  const sum = ({ first, count }: Range, term: (row: number) => number): number => {
    let total = 0;
    for (let from = first; from < first + count; from += longestSum) {
      let cut = 0;
      for (let row = from; row < Math.min(from + longestSum, first + count); row++) cut += term(row);
      total += cut;
    }
    return total;
  };
  /** Features come in whole vectors: the padding is zero and stays so. */
  const each = ({ first, count }: Range, visit: (j: number) => void) => {
    for (let j = first; j < first + roundUp(count, 4); j++) visit(j);
  };

  return {
    moments(x, rows, features, mean, variance) {
      each(features, (j) => {
        const value = (row: number) => m[x.offset + row * x.stride + j]!;
        const average = sum(rows, value) / rows.count;
        m[mean.offset + j] = average;
        const square = (row: number) => (value(row) - average) * (value(row) - average);
        m[variance.offset + j] = sum(rows, square) / rows.count;
      });
    },
    movingAverage(average, value, features, share, factor) {
      each(features, (j) => {
        const kept = (1 - share) * m[average.offset + j]!;
        m[average.offset + j] = kept + share * (factor * m[value.offset + j]!);
      });
    },
    normalize(x, { mean, variance, epsilon }, gamma, beta, y, { first, count }) {
      for (let j = 0; j < x.columns; j++) {
        const scale = m[gamma.offset + j]! / Math.sqrt(m[variance.offset + j]! + epsilon);
        for (let r = first; r < first + count; r++) {
          const centred = m[x.offset + r * x.stride + j]! - m[mean.offset + j]!;
          m[y.offset + r * y.stride + j] = centred * scale + m[beta.offset + j]!;
        }
      }
    },
    normalizeSums(x, dy, { mean, variance, epsilon }, rows, features, dgamma, dbeta) {
      each(features, (j) => {
        const gradient = (row: number) => m[dy.offset + row * dy.stride + j]!;
        const centred = (row: number) => m[x.offset + row * x.stride + j]! - m[mean.offset + j]!;
        const products = sum(rows, (row) => gradient(row) * centred(row));
        m[dgamma.offset + j] = products / Math.sqrt(m[variance.offset + j]! + epsilon);
        m[dbeta.offset + j] = sum(rows, gradient);
      });
    },
    normalizeBackward(x, dy, { mean, variance, epsilon }, gamma, dgamma, dbeta, dx, { first, count }, batch) {
      for (let j = 0; j < x.columns; j++) {
        const inverse = 1 / Math.sqrt(m[variance.offset + j]! + epsilon);
        const slope = (m[dgamma.offset + j]! / batch) * inverse;
        const shift = m[dbeta.offset + j]! / batch;
        for (let r = first; r < first + count; r++) {
          const centred = m[x.offset + r * x.stride + j]! - m[mean.offset + j]!;
          const gradient = m[dy.offset + r * dy.stride + j]! - shift - centred * slope;
          m[dx.offset + r * dx.stride + j] = m[gamma.offset + j]! * inverse * gradient;
        }
      }
    },
  };
}
