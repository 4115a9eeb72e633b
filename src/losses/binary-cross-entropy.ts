import { loss } from '../contracts/loss.ts';
import { logistic } from '../foundation/exact.ts';

/**
 * Sigmoid and binary cross-entropy as one, of each flag for itself: with s = sigmoid(z),
 * loss = mean over the flags of -(t ln s + (1 - t) ln(1 - s)), dz = (s - t) / flags.
 *
 * Computed apart, they need the logarithm of a sigmoid that can be 0. Computed together it is
 * max(z, 0) - t z + ln(1 + e^-|z|), which is safe (Goodfellow, Bengio, Courville, "Deep learning", 2016,
 * section 6.2.2.2). So the network's last layer is dense, without a sigmoid.
 */
export const binaryCrossEntropy = loss({
  kind: 'binary-cross-entropy',
  summary: 'Sigmoid of each output, and the negative log-likelihood of each flag.',
  tasks: ['flags'],
  fields: {},
  build: (_config, { kernels, z, dz, target, loss }) => ({
    rows: (rows) => kernels.binaryCrossEntropy(z, dz, target, loss, rows),
  }),
  probabilities(outputs) {
    for (const [flag, z] of outputs.entries()) outputs[flag] = logistic(z);
  },
});
