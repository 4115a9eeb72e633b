import { commonFields, learningRate, optimizer } from '../contracts/optimizer.ts';

/**
 * Stochastic gradient descent, with momentum and Nesterov's variant of it.
 *
 *   gradient = average over the minibatch + weightDecay W
 *   v = momentum v + gradient
 *   W = W - learningRate v                           (momentum 0: v is the gradient)
 *   W = W - learningRate (gradient + momentum v)     (nesterov)
 *
 * This is the form of PyTorch's SGD without dampening. Polyak 1964; Sutskever, Martens, Dahl, Hinton,
 * "On the importance of initialization and momentum in deep learning", 2013.
 */
export const sgd = optimizer({
  kind: 'sgd',
  summary: 'Stochastic gradient descent, with momentum and Nesterov momentum.',
  fields: {
    learningRate: learningRate(0.1),
    ...commonFields,
    momentum: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0,
      description: 'Share of the last velocity that is kept.',
    },
    nesterov: {
      type: 'boolean',
      default: false,
      description: 'Looks ahead along the velocity; needs momentum above 0.',
    },
  },

  slots: ({ momentum }) => (momentum > 0 ? ['velocity'] : []),

  build({ momentum, nesterov, weightDecay }, kernels) {
    return {
      update({ W, slots: [velocity], decays }, g, { scale, learningRate }) {
        const step = { scale, learningRate, weightDecay: decays ? weightDecay : 0 };
        if (velocity) kernels.momentum(W, velocity, g, step, momentum, nesterov);
        else kernels.sgd(W, g, step);
      },
    };
  },
});
