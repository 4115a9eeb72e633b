import { layer } from '../contracts/layer.ts';

/**
 * The leaky rectifier: y = x if x > 0, else slope x; dx = dy if y > 0, else slope dy.
 *
 * Because the slope is positive, y has the sign of x and x need not be kept.
 * Maas, Hannun, Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.
 */
export const leakyRelu = layer({
  kind: 'leaky-relu',
  summary: 'Leaky rectifier: y = x if x > 0, else slope x.',
  fields: {
    slope: {
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.01,
      description: 'Derivative for negative inputs.',
    },
  },

  plan: (_config, { inputs }) => ({
    outputs: inputs,
    shape: 'kept',
    parameters: [],
    reads: { x: false, y: true },
    inPlace: true,
    flops: 2 * inputs,
  }),

  build: ({ slope }, { kernels, x, y, dy, dx }) => ({
    forward: (rows) => kernels.leakyRelu(x, y, slope, rows),
    backward: (rows) => kernels.leakyReluBackward(y, dy!, dx!, slope, rows),
  }),
});
