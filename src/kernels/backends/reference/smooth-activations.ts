/** Smooth activations by rows, in float64. */
import { erfc, exp, expm1, tanh } from '../../../foundation/exact.ts';
import type { Matrix, Range } from '../../../foundation/shapes.ts';
import type { Kernels } from '../../kernels.ts';

type SmoothActivations = Pick<
  Kernels,
  | 'elu'
  | 'eluBackward'
  | 'sigmoid'
  | 'sigmoidBackward'
  | 'tanh'
  | 'tanhBackward'
  | 'silu'
  | 'siluBackward'
  | 'gelu'
  | 'geluBackward'
>;

export function smoothActivations(m: Float64Array): SmoothActivations {
  /** y = f(x) */
  const map = (x: Matrix, y: Matrix, { first, count }: Range, f: (x: number) => number) => {
    for (let r = first; r < first + count; r++) {
      for (let j = 0; j < x.columns; j++) m[y.offset + r * y.stride + j] = f(m[x.offset + r * x.stride + j]!);
    }
  };
  /** dx = dy slope(kept) */
  const chain = (
    kept: Matrix,
    dy: Matrix,
    dx: Matrix,
    { first, count }: Range,
    slope: (kept: number) => number,
  ) => {
    for (let r = first; r < first + count; r++) {
      for (let j = 0; j < dy.columns; j++) {
        m[dx.offset + r * dx.stride + j] =
          m[dy.offset + r * dy.stride + j]! * slope(m[kept.offset + r * kept.stride + j]!);
      }
    }
  };
  return {
    elu: (x, y, alpha, rows) => map(x, y, rows, (v) => (v > 0 ? v : alpha * expm1(v))),
    eluBackward: (y, dy, dx, alpha, rows) => chain(y, dy, dx, rows, (v) => (v > 0 ? 1 : v + alpha)),
    sigmoid: (x, y, rows) => map(x, y, rows, logistic),
    sigmoidBackward: (y, dy, dx, rows) => chain(y, dy, dx, rows, (v) => v * (1 - v)),
    tanh: (x, y, rows) => map(x, y, rows, tanh),
    tanhBackward: (y, dy, dx, rows) => chain(y, dy, dx, rows, (v) => (1 - v) * (1 + v)),
    silu: (x, y, rows) => map(x, y, rows, (v) => v * logistic(v)),
    siluBackward: (x, dy, dx, rows) => chain(x, dy, dx, rows, (v) => logistic(v) * (1 + v * logistic(-v))),
    gelu: (x, y, rows) => map(x, y, rows, (v) => v * normal(v)),
    geluBackward: (x, dy, dx, rows) => chain(x, dy, dx, rows, (v) => normal(v) + v * density(v)),
  };
}

const logistic = (x: number) => 1 / (1 + exp(-x));

/** The normal distribution, and its density. */
const normal = (x: number) => erfc(-x * Math.SQRT1_2) / 2;
const density = (x: number) => exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
