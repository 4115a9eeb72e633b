/** The matrix products, in WebAssembly. A dense product and its sparse twin are called alike. */
import { panelsOf } from '../../../foundation/shapes.ts';
import type { ProductKernels } from '../../interface/products.ts';
import { at, type Bound, type Kernel } from './call.ts';

export function products({ wasm, scratch }: Bound): ProductKernels {
  const { columnSums } = wasm;
  return {
    affine: affine(wasm.affine, scratch),
    affineSparse: affine(wasm.affineSparse, scratch),
    transposed: transposed(wasm.transposed, scratch),
    transposedSparse: transposed(wasm.transposedSparse, scratch),
    outer: outer(wasm.outer, scratch),
    outerSparse: outer(wasm.outerSparse, scratch),
    columnSums(dy, { first, count }, block, g) {
      const sums = g.offset * 4;
      const from = at(dy, first, block.first);
      columnSums(from, dy.stride * 4, count, block.count, sums, Number(g.add));
    },
  };
}

/** A kernel that needs no scratch passes over its address. */
const affine =
  (kernel: Kernel, scratch: number): ProductKernels['affine'] =>
  (x, W, b, y, { first, count }) => {
    kernel(
      at(x, first),
      x.stride * 4,
      W.offset * 4,
      W.rows,
      W.columns,
      b.offset * 4,
      at(y, first),
      y.stride * 4,
      count,
      scratch,
    );
  };

const transposed =
  (kernel: Kernel, scratch: number): ProductKernels['transposed'] =>
  (dy, W, dx, { first, count }, columns) => {
    const column = columns === undefined ? 0 : columns.first;
    kernel(
      at(dy, first),
      dy.stride * 4,
      (W.offset + column * W.width) * 4,
      W.rows,
      W.columns,
      at(dx, first, column),
      dx.stride * 4,
      count,
      columns === undefined ? W.rows : columns.count,
      scratch,
    );
  };

const outer =
  (kernel: Kernel, scratch: number): ProductKernels['outer'] =>
  (x, dy, { first, count }, W, block, g) => {
    const panels = panelsOf(W, block);
    const column = panels.first * W.width;
    kernel(
      at(x, first, block.first),
      x.stride * 4,
      at(dy, first, column),
      dy.stride * 4,
      count,
      block.count,
      Math.min(panels.count * W.width, W.columns - column),
      g.offset * 4,
      Number(g.add),
      scratch,
    );
  };
