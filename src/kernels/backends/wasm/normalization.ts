/** Normalisation of features over rows, or over rows and places of images, in WebAssembly. */
import { longestSum } from '../../../foundation/cuts.ts';
import type { NormalizationKernels } from '../../interface/normalization.ts';
import { at, type Bound } from './call.ts';

export function normalization({ wasm, scratch }: Bound): NormalizationKernels {
  const { moments, movingAverage, normalize, normalizeSums, normalizeBackward } = wasm;
  const { channelMoments, channelNormalize, channelNormalizeSums, channelNormalizeBackward } = wasm;
  const { centredSquares, centredProducts, divideTotals, scaleTotals } = wasm;
  const { channelCentredSquares, channelCentredProducts } = wasm;
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
    centredSquares(x, mean, rows, features, to) {
      const channels = mean.length;
      const from = at(x, rows.first, features.first);
      const means = (mean.offset + features.first) * 4;
      if (x.columns > channels) {
        const places = x.columns / channels;
        const { count } = features;
        channelCentredSquares(from, x.stride * 4, rows.count, places, channels * 4, count, means, to * 4);
        return;
      }
      centredSquares(from, x.stride * 4, rows.count, features.count, means, to * 4);
    },
    centredProducts(x, dy, mean, rows, features, to) {
      const channels = mean.length;
      const from = at(x, rows.first, features.first);
      const gradient = at(dy, rows.first, features.first);
      const means = (mean.offset + features.first) * 4;
      if (x.columns > channels) {
        channelCentredProducts(
          from,
          x.stride * 4,
          gradient,
          dy.stride * 4,
          rows.count,
          x.columns / channels,
          channels * 4,
          features.count,
          means,
          to * 4,
        );
        return;
      }
      centredProducts(from, x.stride * 4, gradient, dy.stride * 4, rows.count, features.count, means, to * 4);
    },
    divideTotals(totals, { first, count }, numbers, means) {
      divideTotals(totals * 4, count, numbers, (means.offset + first) * 4);
    },
    scaleTotals(totals, { variance, epsilon }, { first, count }, dgamma) {
      // What is no feature has a total of 0, and with it a variance of 0; epsilon may be 0 too.
      const features = Math.min(count, dgamma.length - first);
      const at = (vector: { offset: number }) => (vector.offset + first) * 4;
      scaleTotals(totals * 4, at(variance), epsilon, features, at(dgamma));
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
