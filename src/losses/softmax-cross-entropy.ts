import { loss } from '../contracts/loss.ts';

/**
 * Softmax and cross-entropy as one: loss = ln(sum of e^z) - z[label], dz = softmax(z) - onehot(label).
 *
 * Apart, the two need the logarithm of a quotient that can underflow; together the largest logit is
 * subtracted first (log-sum-exp) and nothing can (Goodfellow, Bengio, Courville, 2016, section 4.1).
 */
export const softmaxCrossEntropy = loss({
  kind: 'softmax-cross-entropy',
  summary: 'Softmax over the classes, and the negative log-likelihood of the right one.',
  fields: {},
  build: (_config, { kernels, z, dz, label, loss, best }) => ({
    rows: (rows) => kernels.softmaxCrossEntropy(z, dz, label, loss, best, rows),
  }),
});
