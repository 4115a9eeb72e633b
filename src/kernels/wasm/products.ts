/** The input and the matrix products, in WebAssembly. */
import { longestSum, type Matrix, panelCount, panelsOf, roundUp } from '../../foundation/shape.ts';
import type { FeatureLists } from '../image-lists.ts';
import type { Kernels } from '../kernels.ts';
import { at, type Bound } from './call.ts';

type Products = Pick<
  Kernels,
  | 'pixels'
  | 'copyPixels'
  | 'affine'
  | 'affineSparse'
  | 'listRows'
  | 'listFeatures'
  | 'affinePixels'
  | 'transposed'
  | 'outer'
  | 'outerSparse'
  | 'outerPixels'
  | 'columnSums'
  | 'add'
>;

/** Bytes from one row of pixels to the next: whole cache lines, and no more, so that rows follow each other. */
const pixelStride = ({ columns }: Matrix) => roundUp(columns, 64);
const pixelsAt = (x: Matrix, row: number) => x.offset * 4 + row * pixelStride(x);

/** Where a cut's lists of pairs begin, of which `first` is the first row. */
const startsAt = ({ cuts, cutStride }: FeatureLists, first: number) =>
  cuts + Math.floor(first / longestSum) * cutStride;

export function products({ wasm, bytes, pixelValues, scratch }: Bound): Products {
  // Bound once: a property look-up a call is measurable for small networks.
  const pixels = wasm.pixels!;
  const affine = wasm.affine!;
  const affineSparse = wasm.affineSparse!;
  const listRows = wasm.listRows!;
  const listPairs = wasm.listPairs!;
  const affinePixels = wasm.affinePixels!;
  const transposed = wasm.transposed!;
  const outer = wasm.outer!;
  const outerSparse = wasm.outerSparse!;
  const outerPixels = wasm.outerPixels!;
  const columnSums = wasm.columnSums!;
  const add = wasm.add!;
  return {
    pixels(image, x, row) {
      bytes.set(image, scratch);
      const whole = roundUp(image.length, 16);
      if (whole > image.length) bytes.fill(0, scratch + image.length, scratch + whole);
      pixels(scratch, at(x, row), whole);
    },
    copyPixels(image, x, row) {
      bytes.set(image, pixelsAt(x, row));
    },

    affine(x, W, b, y, { first, count }) {
      affine(
        at(x, first),
        x.stride * 4,
        W.offset * 4,
        W.rows,
        panelCount(W),
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
    listRows(x, { first, count }, { heads, headStride, entries, entryStride }) {
      listRows(
        pixelsAt(x, first),
        pixelStride(x),
        count,
        x.columns,
        pixelValues,
        (heads + first * headStride) * 4,
        (entries + first * entryStride) * 4,
      );
    },
    listFeatures(x, { first, count }, features, lists) {
      const pair = features.first / 2;
      for (const of of lists.features) {
        const starts = startsAt(of, first);
        listPairs(
          pixelsAt(x, first) + features.first,
          pixelStride(x),
          of.dyStride * 4,
          count,
          Math.ceil(features.count / 2),
          pixelValues,
          (starts + pair) * 4,
          (starts + of.pairs + pair * of.pairStride) * 4,
          scratch,
        );
      }
    },
    affinePixels(_x, lists, W, b, y, panels, { first, count }) {
      const column = panels.first * W.width;
      affinePixels(
        (lists.heads + first * lists.headStride) * 4,
        (W.offset + column * W.rows) * 4,
        W.rows,
        panels.count,
        (b.offset + column) * 4,
        at(y, first, column),
        y.stride * 4,
        count,
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
    outer(x, dy, { first, count }, W, block, g) {
      const panels = panelsOf(W, block);
      outer(
        at(x, first, block.first),
        x.stride * 4,
        at(dy, first, panels.first * W.width),
        dy.stride * 4,
        count,
        block.count,
        panels.count,
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
    outerPixels(_x, lists, dy, { first }, W, block, g) {
      const panels = panelsOf(W, block);
      const listed = lists.features.find(({ dyStride }) => dyStride === dy.stride);
      if (!listed) throw new RangeError(`no pixels are listed for dy of ${dy.stride} elements a row`);
      outerPixels(
        (startsAt(listed, first) + block.first / 2) * 4,
        at(dy, first, panels.first * W.width),
        block.count,
        panels.count,
        g.offset * 4,
        g.add ? 1 : 0,
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
