/** Normalisation of rows over their columns, in WebAssembly. */
import type { RowNormalizationKernels } from '../../interface/row-normalization.ts';
import { at, type Bound } from './call.ts';

export function rowNormalization({ wasm, scratch }: Bound): RowNormalizationKernels {
  const { normalizeRows, normalizeRowsBackward, normalizeRowsSums } = wasm;
  return {
    normalizeRows(x, epsilon, gamma, beta, y, { first, count }) {
      normalizeRows(
        at(x, first),
        x.stride * 4,
        x.columns,
        epsilon,
        gamma.offset * 4,
        beta.offset * 4,
        at(y, first),
        y.stride * 4,
        count,
      );
    },
    normalizeRowsBackward(x, dy, epsilon, gamma, dx, { first, count }) {
      normalizeRowsBackward(
        at(x, first),
        x.stride * 4,
        at(dy, first),
        dy.stride * 4,
        x.columns,
        epsilon,
        gamma.offset * 4,
        at(dx, first),
        dx.stride * 4,
        count,
      );
    },
    normalizeRowsSums(x, dy, epsilon, { first, count }, block, g) {
      normalizeRowsSums(
        at(x, first),
        x.stride * 4,
        at(dy, first, block.first),
        dy.stride * 4,
        x.columns,
        epsilon,
        count,
        block.first * 4,
        block.count,
        g.offset * 4,
        Number(g.add),
        scratch,
      );
    },
  };
}
