/** Normalisation of rows over their columns, in float64. */
import { type Matrix, roundUp } from '../../../foundation/shapes.ts';
import type { RowNormalizationKernels } from '../../interface/row-normalization.ts';

export function rowNormalization(m: Float64Array): RowNormalizationKernels {
  /** Mean over the columns of a term. */
  const meanOf = (columns: number, term: (j: number) => number): number => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += term(j);
    return sum / columns;
  };
  /** xhat by column, and 1 / sqrt(variance + epsilon), of a row. */
  const normalized = (x: Matrix, row: number, epsilon: number) => {
    const from = x.offset + row * x.stride;
    const mean = meanOf(x.columns, (j) => m[from + j]!);
    const variance = meanOf(x.columns, (j) => (m[from + j]! - mean) * (m[from + j]! - mean));
    const inverse = 1 / Math.sqrt(variance + epsilon);
    return { xhat: (j: number) => (m[from + j]! - mean) * inverse, inverse };
  };

  return {
    normalizeRows(x, epsilon, gamma, beta, y, { first, count }) {
      for (let r = first; r < first + count; r++) {
        const { xhat } = normalized(x, r, epsilon);
        for (let j = 0; j < x.columns; j++) {
          m[y.offset + r * y.stride + j] = xhat(j) * m[gamma.offset + j]! + m[beta.offset + j]!;
        }
      }
    },
    normalizeRowsBackward(x, dy, epsilon, gamma, dx, { first, count }) {
      for (let r = first; r < first + count; r++) {
        const { xhat, inverse } = normalized(x, r, epsilon);
        const d = (j: number) => m[dy.offset + r * dy.stride + j]! * m[gamma.offset + j]!;
        const shift = meanOf(x.columns, d);
        const slope = meanOf(x.columns, (j) => d(j) * xhat(j));
        for (let j = 0; j < x.columns; j++) {
          m[dx.offset + r * dx.stride + j] = (d(j) - shift - xhat(j) * slope) * inverse;
        }
      }
    },
    normalizeRowsSums(x, dy, epsilon, { first, count }, block, g) {
      const sums = new Float64Array(roundUp(block.count, 4));
      for (let r = first; r < first + count; r++) {
        const { xhat } = normalized(x, r, epsilon);
        for (let j = 0; j < block.count; j++) {
          sums[j]! += m[dy.offset + r * dy.stride + block.first + j]! * xhat(block.first + j);
        }
      }
      for (const [j, sum] of sums.entries()) m[g.offset + j] = g.add ? m[g.offset + j]! + sum : sum;
    },
  };
}
