import type { Matrix, Range } from '../../foundation/shapes.ts';

/**
 * Rectifiers, and the sum of two paths: element by element. All matrices have the same rows and columns.
 *
 * A rectifier's gradient needs only the sign of its output, which is the sign of its input.
 */
export interface ActivationKernels {
  /** y = a + b, where two paths meet. y may be a or b. */
  add(a: Matrix, b: Matrix, y: Matrix, rows: Range): void;

  /** y = max(x, 0). y may be x. */
  relu(x: Matrix, y: Matrix, rows: Range): void;
  /** dx = dy where y > 0, else 0. dx may be dy. */
  reluBackward(y: Matrix, dy: Matrix, dx: Matrix, rows: Range): void;

  /** y = x where x > 0, else slope x. y may be x. */
  leakyRelu(x: Matrix, y: Matrix, slope: number, rows: Range): void;
  /** dx = dy where y > 0, else slope dy; slope > 0. dx may be dy. */
  leakyReluBackward(y: Matrix, dy: Matrix, dx: Matrix, slope: number, rows: Range): void;
}
