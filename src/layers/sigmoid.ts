import { layer } from '../contracts/layer.ts';

/**
 * The logistic function: y = 1 / (1 + e^-x), dx = dy y (1 - y).
 *
 * Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", 1986.
 */
export const sigmoid = layer({
  kind: 'sigmoid',
  summary: 'Logistic function: y = 1 / (1 + e^-x).',
  fields: {},

  plan: (_config, { inputs }) => ({
    outputs: inputs,
    shape: 'kept',
    parameters: [],
    reads: { x: false, y: true },
    inPlace: true,
    flops: 4 * inputs,
  }),

  build: (_config, { kernels, x, y, dy, dx }) => ({
    forward: (rows) => kernels.sigmoid(x, y, rows),
    backward: (rows) => kernels.sigmoidBackward(y, dy!, dx!, rows),
  }),
});
