import { commonFields, learningRate, optimizer } from '../contracts/optimizer.ts';

/**
 * RMSProp: each gradient is divided by the root of a running mean of its square.
 *
 *   gradient = average over the minibatch + weightDecay W
 *   v = rho v + (1 - rho) gradient^2
 *   W = W - learningRate gradient / (sqrt(v) + epsilon)
 *
 * Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", 2012, in the form of PyTorch
 * (rho is its alpha).
 */
export const rmsprop = optimizer({
  kind: 'rmsprop',
  summary: 'RMSProp: gradients divided by the root of a running mean of their square.',
  fields: {
    learningRate: learningRate(0.001),
    ...commonFields,
    rho: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.99,
      description: 'Share of the mean square that is kept.',
    },
    epsilon: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1e-8,
      description: 'Avoids a division by zero if gradients vanish.',
    },
  },
  slots: () => ['mean square'],

  build({ rho, epsilon, weightDecay }, kernels) {
    return {
      update({ W, slots: [v], decays }, g, { scale, learningRate }) {
        const step = { scale, learningRate, weightDecay: decays ? weightDecay : 0 };
        kernels.rmsprop(W, v!, g, step, rho, epsilon);
      },
    };
  },
});
