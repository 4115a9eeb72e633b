/** The input and the matrix products, in WebAssembly. */
import { panelCount, panelsOf, roundUp } from '../../../foundation/shapes.ts';
import type { Kernels } from '../../kernels.ts';
import { at, type Bound } from './call.ts';

type Products = Pick<
  Kernels,
  | 'pixels'
  | 'affine'
  | 'affineSparse'
  | 'transposed'
  | 'transposedSparse'
  | 'outer'
  | 'outerSparse'
  | 'columnSums'
  | 'add'
>;

export function products({ wasm, bytes, scratch }: Bound): Products {
  // Bound once: a property look-up a call is measurable for small networks.
  const pixels = wasm.pixels!;
  const affine = wasm.affine!;
  const affineSparse = wasm.affineSparse!;
  const transposed = wasm.transposed!;
  const transposedSparse = wasm.transposedSparse!;
  const outer = wasm.outer!;
  const outerSparse = wasm.outerSparse!;
  const columnSums = wasm.columnSums!;
  const add = wasm.add!;
  return {
    pixels(image, x, row) {
      bytes.set(image, scratch);
      const whole = roundUp(image.length, 16);
      if (whole > image.length) bytes.fill(0, scratch + image.length, scratch + whole);
      pixels(scratch, at(x, row), whole);
    },

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
    add(a, b, y, { first, count }) {
      add(at(a, first), at(b, first), at(y, first), y.stride * 4, Math.ceil(y.columns / 4), count);
    },
  };
}
