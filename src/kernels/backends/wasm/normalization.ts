/** Normalisation of features over rows, or over rows and places of images, in WebAssembly. */
import { longestSum } from '../../../foundation/cuts.ts';
import type { NormalizationKernels } from '../../interface/normalization.ts';
import { at, type Bound } from './call.ts';

export function normalization({ wasm, scratch }: Bound): NormalizationKernels {
  const { moments, movingAverage, normalize, normalizeSums, normalizeBackward } = wasm;
  const { channelMoments, channelNormalize, channelNormalizeSums, channelNormalizeBackward } = wasm;
  return {
    moments(x, rows, features, mean, variance) {
      const channels = mean.length;
      if (x.columns > channels) {
        channelMoments(
          at(x, rows.first, features.first),
          x.stride * 4,
          rows.count,
          longestSum,
          x.columns / channels,
          channels * 4,
          features.count,
          (mean.offset + features.first) * 4,
          (variance.offset + features.first) * 4,
        );
        return;
      }
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
      const channels = mean.length;
      if (x.columns > channels) {
        channelNormalize(
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
          channels,
          count,
          scratch,
        );
        return;
      }
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
      const channels = mean.length;
      if (x.columns > channels) {
        channelNormalizeSums(
          at(x, rows.first, features.first),
          x.stride * 4,
          at(dy, rows.first, features.first),
          dy.stride * 4,
          (mean.offset + features.first) * 4,
          (variance.offset + features.first) * 4,
          epsilon,
          rows.count,
          longestSum,
          x.columns / channels,
          channels * 4,
          features.count,
          (dgamma.offset + features.first) * 4,
          (dbeta.offset + features.first) * 4,
        );
        return;
      }
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
      const channels = mean.length;
      if (x.columns > channels) {
        channelNormalizeBackward(
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
          channels,
          count,
          batch,
          scratch,
        );
        return;
      }
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
