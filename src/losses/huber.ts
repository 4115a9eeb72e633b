import { loss } from '../contracts/loss.ts';

/**
 * Huber's loss: loss = mean over the outputs of e^2 / 2 where |e| <= delta, and of delta (|e| - delta / 2)
 * elsewhere, e = z - t; dz = e between -delta and delta, / outputs.
 *
 * Small errors count as in the mean squared error, large ones only in proportion. So a few wild values do not
 * outvote all the others (Huber, "Robust estimation of a location parameter", 1964).
 */
export const huber = loss({
  kind: 'huber',
  summary: 'Huber’s loss: squared for small errors, absolute for large ones.',
  tasks: ['values'],
  fields: {
    delta: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1,
      description: 'The largest error that counts squared, in standard deviations of the target.',
    },
  },
  build: ({ delta }, { kernels, z, dz, target, loss }) => ({
    rows: (rows) => kernels.huberError(z, dz, target, loss, rows, delta),
  }),
});
