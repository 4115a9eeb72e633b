import { commonFields, learningRate, momentFields, optimizer } from '../contracts/optimizer.ts';
import { runningPower } from '../foundation/exact.ts';

/**
 * AdamW: Adam with the weight decay apart from the gradient, so that the gradient's size does not scale it.
 *
 *   W = (1 - learningRate weightDecay) W, then Adam's step from the gradient alone
 *
 * Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, in the form of PyTorch (the decay
 * follows the scheduled learning rate).
 */
export const adamw = optimizer({
  kind: 'adamw',
  summary: 'Adam with decoupled weight decay.',
  fields: {
    learningRate: learningRate(0.001),
    ...commonFields,
    weightDecay: {
      type: 'number',
      minimum: 0,
      default: 0.01,
      description: 'Each step subtracts this share of W times the learning rate.',
    },
    ...momentFields,
  },
  slots: () => ['first moment', 'second moment'],

  build({ beta1, beta2, epsilon, weightDecay }, kernels) {
    const power1 = runningPower(beta1);
    const power2 = runningPower(beta2);
    return {
      update({ W, slots: [m, v], decays }, g, { scale, learningRate, step }) {
        kernels.adam(W, m!, v!, g, {
          scale,
          decay: 0,
          keep: decays ? 1 - learningRate * weightDecay : 1,
          beta1,
          beta2,
          epsilon,
          rate: learningRate / (1 - power1(step + 1)),
          root: Math.sqrt(1 - power2(step + 1)),
        });
      },
    };
  },
});
