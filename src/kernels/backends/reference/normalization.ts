/** Normalisation of features over rows and places, in float64. */
import { longestSum } from '../../../foundation/cuts.ts';
import { type Matrix, type Range, roundUp, type Vector } from '../../../foundation/shapes.ts';
import type { NormalizationKernels } from '../../interface/normalization.ts';

export function normalization(m: Float64Array): NormalizationKernels {
  /**
   * The sum, over rows and places, of a term of what lies `at` elements from the beginning of a row. Long
   * sums of rows are cut.
   */
  const sum = (
    { first, count }: Range,
    { columns }: Matrix,
    { length }: Vector,
    j: number,
    term: (row: number, at: number) => number,
  ): number => {
    let total = 0;
    for (let from = first; from < first + count; from += longestSum) {
      let cut = 0;
      for (let row = from; row < Math.min(from + longestSum, first + count); row++) {
        let places = 0;
        for (let at = j; at < columns; at += length) places += term(row, at);
        cut += places;
      }
      total += cut;
    }
    return total;
  };
  /** Features come in whole vectors: the padding is zero and stays so. */
  const padding = ({ first, count }: Range, { length }: Vector, vectors: readonly Vector[]) => {
    for (let j = Math.min(first + count, length); j < first + roundUp(count, 4); j++)
      for (const { offset } of vectors) m[offset + j] = 0;
  };

  /** The element `at` of a row. */
  const value = ({ offset, stride }: Matrix, row: number, at: number) => m[offset + row * stride + at]!;
  const each = ({ first, count }: Range, { length }: Vector, visit: (j: number) => void) => {
    for (let j = first; j < Math.min(first + count, length); j++) visit(j);
  };

  return {
    moments(x, rows, features, mean, variance) {
      const numbers = rows.count * (x.columns / mean.length);
      each(features, mean, (j) => {
        const average = sum(rows, x, mean, j, (row, at) => value(x, row, at)) / numbers;
        m[mean.offset + j] = average;
        const centred = (row: number, at: number) => value(x, row, at) - average;
        const square = (row: number, at: number) => centred(row, at) * centred(row, at);
        m[variance.offset + j] = sum(rows, x, mean, j, square) / numbers;
      });
      padding(features, mean, [mean, variance]);
    },
    movingAverage(average, value, features, share, factor) {
      each(features, average, (j) => {
        const kept = (1 - share) * m[average.offset + j]!;
        m[average.offset + j] = kept + share * (factor * m[value.offset + j]!);
      });
    },
    normalize(x, { mean, variance, epsilon }, gamma, beta, y, { first, count }) {
      for (let at = 0; at < x.columns; at++) {
        const j = at % mean.length;
        const scale = m[gamma.offset + j]! / Math.sqrt(m[variance.offset + j]! + epsilon);
        for (let row = first; row < first + count; row++) {
          const centred = value(x, row, at) - m[mean.offset + j]!;
          m[y.offset + row * y.stride + at] = centred * scale + m[beta.offset + j]!;
        }
      }
    },
    normalizeSums(x, dy, { mean, variance, epsilon }, rows, features, dgamma, dbeta) {
      each(features, mean, (j) => {
        const gradient = (row: number, at: number) => value(dy, row, at);
        const centred = (row: number, at: number) => value(x, row, at) - m[mean.offset + j]!;
        const products = sum(rows, x, mean, j, (row, at) => gradient(row, at) * centred(row, at));
        m[dgamma.offset + j] = products / Math.sqrt(m[variance.offset + j]! + epsilon);
        m[dbeta.offset + j] = sum(rows, x, mean, j, gradient);
      });
      padding(features, mean, [dgamma, dbeta]);
    },
    centredSquares(x, mean, rows, features, to) {
      each(features, mean, (j) => {
        const centred = (row: number, at: number) => value(x, row, at) - m[mean.offset + j]!;
        const square = (row: number, at: number) => centred(row, at) * centred(row, at);
        m[to + j - features.first] = sum(rows, x, mean, j, square);
      });
    },
    centredProducts(x, dy, mean, rows, features, to) {
      each(features, mean, (j) => {
        const centred = (row: number, at: number) => value(x, row, at) - m[mean.offset + j]!;
        const product = (row: number, at: number) => value(dy, row, at) * centred(row, at);
        m[to + j - features.first] = sum(rows, x, mean, j, product);
      });
    },
    divideTotals(totals, features, numbers, means) {
      each(features, means, (j) => {
        m[means.offset + j] = m[totals + j - features.first]! / numbers;
      });
      padding(features, means, [means]);
    },
    scaleTotals(totals, { variance, epsilon }, features, dgamma) {
      each(features, dgamma, (j) => {
        m[dgamma.offset + j] = m[totals + j - features.first]! / Math.sqrt(m[variance.offset + j]! + epsilon);
      });
      padding(features, dgamma, [dgamma]);
    },
    normalizeBackward(x, dy, { mean, variance, epsilon }, gamma, dgamma, dbeta, dx, { first, count }, batch) {
      for (let at = 0; at < x.columns; at++) {
        const j = at % mean.length;
        const inverse = 1 / Math.sqrt(m[variance.offset + j]! + epsilon);
        const slope = (m[dgamma.offset + j]! / batch) * inverse;
        const shift = m[dbeta.offset + j]! / batch;
        for (let row = first; row < first + count; row++) {
          const centred = value(x, row, at) - m[mean.offset + j]!;
          const gradient = value(dy, row, at) - shift - centred * slope;
          m[dx.offset + row * dx.stride + at] = m[gamma.offset + j]! * inverse * gradient;
        }
      }
    },
  };
}
