/** Normalisation of columns over the rows, in WebAssembly. */
import { longestSum } from '../../../foundation/cuts.ts';
import type { NormalizationKernels } from '../../interface/normalization.ts';
import { at, type Bound } from './call.ts';

export function normalization({ wasm }: Bound): NormalizationKernels {
  const { moments, movingAverage, normalize, normalizeSums, normalizeBackward } = wasm;
  return {
    moments(x, rows, features, mean, variance) {
      moments(
        at(x, rows.first, features.first),
        x.stride * 4,
        rows.count,
        longestSum,
        features.count,
        (mean.offset + features.first) * 4,
        (variance.offset + features.first) * 4,
      );
    },
    movingAverage(average, value, { first, count }, share, factor) {
      movingAverage(
        (average.offset + first) * 4,
        (value.offset + first) * 4,
        count,
        1 - share,
        share,
        factor,
      );
    },
    normalize(x, { mean, variance, epsilon }, gamma, beta, y, { first, count }) {
      normalize(
        at(x, first),
        x.stride * 4,
        mean.offset * 4,
        variance.offset * 4,
        epsilon,
        gamma.offset * 4,
        beta.offset * 4,
        at(y, first),
        y.stride * 4,
        x.columns,
        count,
      );
    },
    normalizeSums(x, dy, { mean, variance, epsilon }, rows, features, dgamma, dbeta) {
      normalizeSums(
        at(x, rows.first, features.first),
        x.stride * 4,
        at(dy, rows.first, features.first),
        dy.stride * 4,
        (mean.offset + features.first) * 4,
        (variance.offset + features.first) * 4,
        epsilon,
        rows.count,
        longestSum,
        features.count,
        (dgamma.offset + features.first) * 4,
        (dbeta.offset + features.first) * 4,
      );
    },
    normalizeBackward(x, dy, { mean, variance, epsilon }, gamma, dgamma, dbeta, dx, { first, count }, batch) {
      normalizeBackward(
        at(x, first),
        x.stride * 4,
        at(dy, first),
        dy.stride * 4,
        mean.offset * 4,
        variance.offset * 4,
        epsilon,
        gamma.offset * 4,
        dgamma.offset * 4,
        dbeta.offset * 4,
        at(dx, first),
        dx.stride * 4,
        x.columns,
        count,
        batch,
      );
    },
  };
}
