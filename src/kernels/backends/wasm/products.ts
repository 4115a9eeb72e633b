/** The matrix products, in WebAssembly. */
import { panelCount, panelsOf } from '../../../foundation/shapes.ts';
import type { ProductKernels } from '../../interface/products.ts';
import { at, type Bound } from './call.ts';

export function products({ wasm, scratch }: Bound): ProductKernels {
  // Bound once: a property look-up a call is measurable for small networks.
  const affine = wasm.affine!;
  const affineSparse = wasm.affineSparse!;
  const transposed = wasm.transposed!;
  const transposedSparse = wasm.transposedSparse!;
  const outer = wasm.outer!;
  const outerSparse = wasm.outerSparse!;
  const columnSums = wasm.columnSums!;
  return {
    affine(x, W, b, y, { first, count }) {
      affine(
        at(x, first),
        x.stride * 4,
        W.offset * 4,
        W.rows,
        W.columns,
        b.offset * 4,
        at(y, first),
        y.stride * 4,
        count,
      );
    },
    affineSparse(x, W, b, y, { first, count }) {
      affineSparse(
        at(x, first),
        x.stride * 4,
        W.offset * 4,
        W.rows,
        panelCount(W),
        b.offset * 4,
        at(y, first),
        y.stride * 4,
        count,
        scratch,
      );
    },
    transposed(dy, W, dx, { first, count }) {
      transposed(
        at(dy, first),
        dy.stride * 4,
        W.offset * 4,
        W.rows,
        W.columns,
        at(dx, first),
        dx.stride * 4,
        count,
        scratch,
      );
    },
    transposedSparse(dy, W, dx, { first, count }) {
      transposedSparse(
        at(dy, first),
        dy.stride * 4,
        W.offset * 4,
        W.rows,
        W.columns,
        at(dx, first),
        dx.stride * 4,
        count,
        scratch,
      );
    },
    outer(x, dy, { first, count }, W, block, g) {
      const panels = panelsOf(W, block);
      outer(
        at(x, first, block.first),
        x.stride * 4,
        at(dy, first, panels.first * W.width),
        dy.stride * 4,
        count,
        block.count,
        Math.min(panels.count * W.width, W.columns - panels.first * W.width),
        g.offset * 4,
        g.add ? 1 : 0,
      );
    },
    outerSparse(x, dy, { first, count }, W, block, g) {
      const panels = panelsOf(W, block);
      outerSparse(
        at(x, first, block.first),
        x.stride * 4,
        at(dy, first, panels.first * W.width),
        dy.stride * 4,
        count,
        block.count,
        panels.count,
        g.offset * 4,
        g.add ? 1 : 0,
        scratch,
      );
    },
    columnSums(dy, { first, count }, block, g) {
      columnSums(
        at(dy, first, block.first),
        dy.stride * 4,
        count,
        Math.ceil(block.count / 4),
        g.offset * 4,
        g.add ? 1 : 0,
      );
    },
  };
}
