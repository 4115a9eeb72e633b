/**
 * The reference kernels: float64, one plain loop each, as the textbook writes them.
 *
 * They are the oracle that the fast kernels are compared with, and they check gradients, for which
 * float32 is too coarse. Nothing here is fast, and nothing needs explaining; what a function computes
 * stands at the interface in kernels.ts.
 */
import { exp, log } from '../foundation/exact.ts';
import { panelCount, panelIndex, roundUp } from '../foundation/shape.ts';
import type { Kernels, Pieces } from './kernels.ts';

/** Shared memory of `elements` float64 zeros. */
export function createReference(elements: number): SharedArrayBuffer {
  return new SharedArrayBuffer(elements * 8);
}

export function referenceKernels(buffer: SharedArrayBuffer): Kernels {
  const m = new Float64Array(buffer);

  /** Writes sums of a gradient block, replacing or adding. */
  const put = (at: number, sum: number, add: boolean) => {
    m[at] = add ? m[at]! + sum : sum;
  };

  const affine: Kernels['affine'] = (x, W, b, y, { first, count }) => {
    for (let r = first; r < first + count; r++) {
      for (let j = 0; j < W.columns; j++) {
        const column = W.offset + panelIndex(W, 0, j);
        let sum = m[b.offset + j]!;
        for (let k = 0; k < W.rows; k++) {
          sum += m[x.offset + r * x.stride + k]! * m[column + k * W.width]!;
        }
        m[y.offset + r * y.stride + j] = sum;
      }
    }
  };

  const outer: Kernels['outer'] = (x, dy, { first, count }, W, block, g) => {
    for (let k = 0; k < block.count; k++) {
      // The optimizers run over the padding too: there dy is zero, and so is g.
      for (let j = 0; j < panelCount(W) * W.width; j++) {
        let sum = 0;
        for (let r = first; r < first + count; r++) {
          sum += m[x.offset + r * x.stride + block.first + k]! * m[dy.offset + r * dy.stride + j]!;
        }
        const panel = Math.floor(j / W.width);
        put(g.offset + (panel * block.count + k) * W.width + (j % W.width), sum, g.add);
      }
    }
  };

  /** Calls back with every element of a block of a parameter, and its place in the gradient block. */
  const eachElement = (W: Pieces, visit: (at: number, i: number) => void) => {
    for (let run = 0; run < W.runs; run++) {
      for (let i = 0; i < W.length; i++) visit(run * W.stride + i, run * W.length + i);
    }
  };

  return {
    name: 'reference',
    elements: m,

    pixels(image, x, row) {
      for (let k = 0; k < image.length; k++) m[x.offset + row * x.stride + k] = image[k]! / 255;
    },

    affine,
    affineSparse: affine,
    transposed(dy, W, dx, { first, count }) {
      for (let r = first; r < first + count; r++) {
        for (let i = 0; i < W.rows; i++) {
          let sum = 0;
          for (let j = 0; j < W.columns; j++) {
            sum += m[dy.offset + r * dy.stride + j]! * m[W.offset + panelIndex(W, i, j)]!;
          }
          m[dx.offset + r * dx.stride + i] = sum;
        }
      }
    },
    outer,
    outerSparse: outer,
    columnSums(dy, { first, count }, block, g) {
      for (let j = 0; j < roundUp(block.count, 4); j++) {
        let sum = 0;
        for (let r = first; r < first + count; r++) sum += m[dy.offset + r * dy.stride + block.first + j]!;
        put(g.offset + j, sum, g.add);
      }
    },

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

    softmaxCrossEntropy(z, dz, label, loss, best, { first, count }) {
      for (let r = first; r < first + count; r++) {
        const from = z.offset + r * z.stride;
        const to = dz.offset + r * dz.stride;
        let winner = 0;
        for (let j = 1; j < z.columns; j++) if (m[from + j]! > m[from + winner]!) winner = j;
        const largest = m[from + winner]!;
        let sum = 0;
        for (let j = 0; j < z.columns; j++) {
          m[to + j] = exp(m[from + j]! - largest);
          sum += m[to + j]!;
        }
        for (let j = 0; j < z.columns; j++) m[to + j]! /= sum;
        const target = m[label.offset + r]!;
        m[to + target]! -= 1;
        m[loss.offset + r] = log(sum) - (m[from + target]! - largest);
        m[best.offset + r] = winner;
      }
    },

    takeLines() {},
    sgd(W, g, { share, learningRate, weightDecay }) {
      eachElement(W, (at, i) => {
        const w = m[W.offset + at]!;
        m[W.offset + at] = w - learningRate * (m[g + i]! * share + weightDecay * w);
      });
    },
    momentum(W, v, g, { share, learningRate, weightDecay }, mu, nesterov) {
      eachElement(W, (at, i) => {
        const w = m[W.offset + at]!;
        const gradient = m[g + i]! * share + weightDecay * w;
        const velocity = mu * m[v.offset + at]! + gradient;
        m[v.offset + at] = velocity;
        m[W.offset + at] = w - learningRate * (nesterov ? gradient + mu * velocity : velocity);
      });
    },
  };
}
