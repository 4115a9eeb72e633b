/** Element-wise activations by rows, in float64. */
import type { Kernels } from '../../kernels.ts';

type Activations = Pick<Kernels, 'relu' | 'reluBackward' | 'leakyRelu' | 'leakyReluBackward'>;

export function activations(m: Float64Array): Activations {
  return {
    relu(x, y, { first, count }) {
      for (let r = first; r < first + count; r++) {
        for (let j = 0; j < x.columns; j++) {
          m[y.offset + r * y.stride + j] = Math.max(m[x.offset + r * x.stride + j]!, 0);
        }
      }
    },
    reluBackward(y, dy, dx, { first, count }) {
      for (let r = first; r < first + count; r++) {
        for (let j = 0; j < y.columns; j++) {
          const d = m[dy.offset + r * dy.stride + j]!;
          m[dx.offset + r * dx.stride + j] = m[y.offset + r * y.stride + j]! > 0 ? d : 0;
        }
      }
    },
    leakyRelu(x, y, slope, { first, count }) {
      for (let r = first; r < first + count; r++) {
        for (let j = 0; j < x.columns; j++) {
          const v = m[x.offset + r * x.stride + j]!;
          m[y.offset + r * y.stride + j] = v > 0 ? v : slope * v;
        }
      }
    },
    leakyReluBackward(y, dy, dx, slope, { first, count }) {
      for (let r = first; r < first + count; r++) {
        for (let j = 0; j < y.columns; j++) {
          const d = m[dy.offset + r * dy.stride + j]!;
          m[dx.offset + r * dx.stride + j] = m[y.offset + r * y.stride + j]! > 0 ? d : slope * d;
        }
      }
    },
  };
}
