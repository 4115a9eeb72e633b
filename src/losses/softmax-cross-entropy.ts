import { loss } from '../contracts/loss.ts';
import { exp } from '../foundation/exact.ts';

/**
 * Softmax and cross-entropy as one: loss = ln(sum of e^z) - z[label], dz = softmax(z) - onehot(label).
 *
 * Computed apart, they need the logarithm of a quotient that can underflow. Computed together, the largest
 * logit is subtracted first (log-sum-exp), and the logarithm is safe (Goodfellow, Bengio, Courville, "Deep
 * learning", 2016, section 4.1).
 *
 * With label smoothing s the target is (1 - s) onehot(label) + s / classes (Szegedy et al., "Rethinking the
 * inception architecture for computer vision", 2016), in training and evaluation alike, as in PyTorch.
 */
export const softmaxCrossEntropy = loss({
  kind: 'softmax-cross-entropy',
  summary: 'Softmax over the classes, and the negative log-likelihood of the right one.',
  tasks: ['classes'],
  fields: {
    smoothing: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0,
      description: 'Label smoothing: the share of the target that is spread over all classes.',
    },
  },
  build: ({ smoothing }, { kernels, z, dz, label, loss, predicted }) => ({
    rows: (rows) => kernels.softmaxCrossEntropy(z, dz, label, loss, predicted, rows, smoothing),
  }),
  probabilities(outputs) {
    const largest = outputs.reduce((a, b) => Math.max(a, b));
    let sum = 0;
    for (const [c, z] of outputs.entries()) {
      outputs[c] = exp(z - largest);
      sum += outputs[c]!;
    }
    for (const [c, power] of outputs.entries()) outputs[c] = power / sum;
  },
});
