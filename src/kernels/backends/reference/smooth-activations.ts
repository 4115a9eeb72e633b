/** Smooth activations, in float64. */
import { erfc, exp, expm1, logistic, tanh } from '../../../foundation/exact.ts';
import type { Matrix, Range } from '../../../foundation/shapes.ts';
import type { SmoothActivationKernels } from '../../interface/smooth-activations.ts';
import { byRows } from './by-rows.ts';

export function smoothActivations(m: Float64Array): SmoothActivationKernels {
  const { map, zip } = byRows(m);
  /** dx = dy slope(kept), where `kept` is x or y. */
  const chain = (kept: Matrix, dy: Matrix, dx: Matrix, rows: Range, slope: (kept: number) => number) =>
    zip(kept, dy, dx, rows, (v, d) => d * slope(v));
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

/** The normal distribution, and its density. */
const normal = (x: number) => erfc(-x * Math.SQRT1_2) / 2;
const density = (x: number) => exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
