import type { Matrix, Range, Vector } from '../../foundation/shapes.ts';
import type { GradientBlock } from './blocks.ts';

/**
 * Normalisation of each row over its columns, and its gradient: xhat = (x - mean) / sqrt(variance + epsilon),
 * with mean and variance of the row. x, y, dy, dx (rows, columns); gamma, beta (columns)
 */
export interface RowNormalizationKernels {
  /** y = gamma xhat + beta. */
  normalizeRows(x: Matrix, epsilon: number, gamma: Vector, beta: Vector, y: Matrix, rows: Range): void;
  /**
   * dx = (d - mean of d - xhat (mean of d xhat)) / sqrt(variance + epsilon), d = gamma dy, the means over the
   * columns. dx may be dy.
   */
  normalizeRowsBackward(x: Matrix, dy: Matrix, epsilon: number, gamma: Vector, dx: Matrix, rows: Range): void;
  /**
   * g = sums of dy xhat over `rows` for the columns `block`; block.first is a multiple of 8. At most
   * `longestSum` rows a call.
   */
  normalizeRowsSums(
    x: Matrix,
    dy: Matrix,
    epsilon: number,
    rows: Range,
    block: Range,
    g: GradientBlock,
  ): void;
}
