import { loss } from '../contracts/loss.ts';

/**
 * Mean squared error of the outputs against one-hot targets: loss = mean over the classes of (z - t)^2,
 * dz = 2 (z - t) / classes.
 *
 * The classes compete less than under softmax and learning is slower, but the formula is the simplest there is
 * (Bishop, "Pattern recognition and machine learning", 2006, section 5.2).
 */
export const meanSquaredError = loss({
  kind: 'mean-squared-error',
  summary: 'Mean squared error of the outputs against one-hot targets.',
  fields: {},
  build: (_config, { kernels, z, dz, label, loss, best }) => ({
    rows: (rows) => kernels.meanSquaredError(z, dz, label, loss, best, rows),
  }),
});
