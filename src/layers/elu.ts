import { layer } from '../contracts/layer.ts';

/**
 * The exponential linear unit: y = x if x > 0, else alpha (e^x - 1); dx = dy if y > 0, else dy (y + alpha).
 *
 * For x <= 0 the derivative alpha e^x is y + alpha, and y has the sign of x, so x need not be kept.
 * Clevert, Unterthiner, Hochreiter, "Fast and accurate deep network learning by exponential linear units",
 * 2016.
 */
export const elu = layer({
  kind: 'elu',
  summary: 'Exponential linear unit: y = x if x > 0, else alpha (e^x - 1).',
  fields: {
    alpha: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1,
      description: 'For very negative inputs, y approaches -alpha.',
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

  build: ({ alpha }, { kernels, x, y, dy, dx }) => ({
    forward: (rows) => kernels.elu(x, y, alpha, rows),
    backward: (rows) => kernels.eluBackward(y, dy!, dx!, alpha, rows),
  }),
});
