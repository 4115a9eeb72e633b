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
  build: (_config, { kernels, z, dz, label, loss, predicted }) => ({
    rows: (rows) => kernels.meanSquaredError(z, dz, label, loss, predicted, rows),
  }),
  // The best outputs are the probabilities themselves (Bishop, section 1.5.5); real ones lie near them, some
  // below 0. These are the nearest probabilities to them: each output less the same excess, or 0 where that is
  // below 0 (Duchi et al., "Efficient projections onto the l1-ball for learning in high dimensions", 2008).
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
