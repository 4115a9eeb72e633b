import { loss } from '../contracts/loss.ts';

/**
 * Mean squared error: loss = mean over the outputs of (z - t)^2, dz = 2 (z - t) / outputs.
 *
 * For values it is the usual loss (Bishop, "Pattern recognition and machine learning", 2006, section 5.2).
 * For classes the target is one-hot: 1 for the right class, 0 for the others. The classes compete less than
 * under softmax, and learning is slower.
 */
export const meanSquaredError = loss({
  kind: 'mean-squared-error',
  summary: 'Mean squared error of the outputs; of classes, against one-hot targets.',
  tasks: ['classes', 'values'],
  fields: {},
  build: (_config, { kernels, z, dz, label, target, loss, predicted }, task) => ({
    rows:
      task === 'classes'
        ? (rows) => kernels.meanSquaredError(z, dz, label, loss, predicted, rows)
        : (rows) => kernels.squaredError(z, dz, target, loss, rows),
  }),
  // The outputs that minimise the expected loss are the probabilities themselves (Bishop, section 1.5.5).
  // Real outputs lie near them, and some are below 0. The nearest probabilities are the outputs less one
  // common excess, or 0 if that is below 0 (Duchi et al., "Efficient projections onto the l1-ball for
  // learning in high dimensions", 2008).
  probabilities(outputs) {
    let sum = 0;
    let excess = 0;
    for (const [rank, z] of Float64Array.from(outputs).sort().reverse().entries()) {
      sum += z;
      if (z * (rank + 1) > sum - 1) excess = (sum - 1) / (rank + 1);
    }
    for (const [c, z] of outputs.entries()) outputs[c] = Math.max(0, z - excess);
  },
});
