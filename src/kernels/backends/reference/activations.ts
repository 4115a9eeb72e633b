/** Rectifiers, and the sum of two paths, in float64. */
import type { ActivationKernels } from '../../interface/activations.ts';
import { byRows } from './by-rows.ts';

export function activations(m: Float64Array): ActivationKernels {
  const { map, zip } = byRows(m);
  return {
    add: (a, b, y, rows) => zip(a, b, y, rows, (v, w) => v + w),
    relu: (x, y, rows) => map(x, y, rows, (v) => Math.max(v, 0)),
    reluBackward: (y, dy, dx, rows) => zip(y, dy, dx, rows, (v, d) => (v > 0 ? d : 0)),
    leakyRelu: (x, y, slope, rows) => map(x, y, rows, (v) => (v > 0 ? v : slope * v)),
    leakyReluBackward: (y, dy, dx, slope, rows) => zip(y, dy, dx, rows, (v, d) => (v > 0 ? d : slope * d)),
  };
}
