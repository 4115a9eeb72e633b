/** The matrix products, in float64. The sparse ones are the same sums, zeros included. */
import { panelIndex, panelsOf, roundUp } from '../../../foundation/shapes.ts';
import type { ProductKernels } from '../../interface/products.ts';

/** Images are read as numbers only. */
export function products(m: Float64Array): ProductKernels & { images: undefined } {
  /** Writes sums of a gradient block, replacing or adding. */
  const put = (at: number, sum: number, add: boolean) => {
    m[at] = add ? m[at]! + sum : sum;
  };

  const affine: ProductKernels['affine'] = (x, W, b, y, { first, count }) => {
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

  const outer: ProductKernels['outer'] = (x, dy, { first, count }, W, block, g) => {
    const panels = panelsOf(W, block);
    for (let k = 0; k < block.count; k++) {
      // The optimizers run over the padding too: there dy is zero, and so is g.
      for (let j = panels.first * W.width; j < (panels.first + panels.count) * W.width; j++) {
        let sum = 0;
        for (let r = first; r < first + count; r++) {
          sum += m[x.offset + r * x.stride + block.first + k]! * m[dy.offset + r * dy.stride + j]!;
        }
        const panel = Math.floor(j / W.width) - panels.first;
        put(g.offset + (panel * block.count + k) * W.width + (j % W.width), sum, g.add);
      }
    }
  };

  const transposed: ProductKernels['transposed'] = (dy, W, dx, { first, count }, columns) => {
    const { first: from, count: some } = columns ?? { first: 0, count: W.rows };
    for (let r = first; r < first + count; r++) {
      for (let i = from; i < from + some; i++) {
        let sum = 0;
        for (let j = 0; j < W.columns; j++) {
          sum += m[dy.offset + r * dy.stride + j]! * m[W.offset + panelIndex(W, i, j)]!;
        }
        m[dx.offset + r * dx.stride + i] = sum;
      }
    }
  };

  return {
    images: undefined,
    affine,
    affineSparse: affine,
    transposed,
    transposedSparse: transposed,
    outer,
    outerSparse: outer,
    columnSums(dy, { first, count }, block, g) {
      for (let j = 0; j < roundUp(block.count, 4); j++) {
        let sum = 0;
        for (let r = first; r < first + count; r++) sum += m[dy.offset + r * dy.stride + block.first + j]!;
        put(g.offset + j, sum, g.add);
      }
    },
  };
}
