import type { Matrix, Range } from '../../foundation/shapes.ts';

/**
 * Smooth activations and their gradients: element by element. All matrices have the same rows and columns.
 *
 * A gradient reads y where y is enough, else x.
 */
export interface SmoothActivationKernels {
  /** y = x where x > 0, else alpha (e^x - 1). y may be x. */
  elu(x: Matrix, y: Matrix, alpha: number, rows: Range): void;
  /** dx = dy where y > 0, else dy (y + alpha); alpha > 0. dx may be dy. */
  eluBackward(y: Matrix, dy: Matrix, dx: Matrix, alpha: number, rows: Range): void;

  /** y = 1 / (1 + e^-x). y may be x. */
  sigmoid(x: Matrix, y: Matrix, rows: Range): void;
  /** dx = dy y (1 - y). dx may be dy. */
  sigmoidBackward(y: Matrix, dy: Matrix, dx: Matrix, rows: Range): void;

  /** y = tanh x. y may be x. */
  tanh(x: Matrix, y: Matrix, rows: Range): void;
  /** dx = dy (1 - y²). dx may be dy. */
  tanhBackward(y: Matrix, dy: Matrix, dx: Matrix, rows: Range): void;

  /** y = x s(x), s the sigmoid. */
  silu(x: Matrix, y: Matrix, rows: Range): void;
  /** dx = dy s(x) (1 + x (1 - s(x))). */
  siluBackward(x: Matrix, dy: Matrix, dx: Matrix, rows: Range): void;

  /** y = x Phi(x), Phi the distribution function of the standard normal distribution. */
  gelu(x: Matrix, y: Matrix, rows: Range): void;
  /** dx = dy (Phi(x) + x phi(x)), phi the density of that distribution. */
  geluBackward(x: Matrix, dy: Matrix, dx: Matrix, rows: Range): void;
}
