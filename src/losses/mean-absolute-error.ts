import { loss } from '../contracts/loss.ts';

/**
 * Mean absolute error: loss = mean over the outputs of |z - t|, dz = sign(z - t) / outputs, 0 where the two
 * are equal.
 *
 * It is least at the median of the targets, not at their mean (Bishop, "Pattern recognition and machine
 * learning", 2006, exercise 1.27). Its slope does not shrink near the target, so the learning rate must.
 */
export const meanAbsoluteError = loss({
  kind: 'mean-absolute-error',
  summary: 'Mean absolute error: leads to the median, and outliers count little.',
  tasks: ['values'],
  fields: {},
  build: (_config, { kernels, z, dz, target, loss }) => ({
    rows: (rows) => kernels.absoluteError(z, dz, target, loss, rows),
  }),
});
