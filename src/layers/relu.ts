import { layer } from '../contracts/layer.ts';

/**
 * The rectifier: y = max(x, 0), dx = dy if y > 0, else 0 (the derivative at 0 is taken as 0).
 *
 * Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines", 2010.
 */
export const relu = layer({
  kind: 'relu',
  summary: 'Rectifier: y = max(x, 0).',
  fields: {},

  plan: (_config, { inputs }) => ({
    outputs: inputs,
    shape: 'kept',
    parameters: [],
    reads: { x: false, y: true },
    inPlace: true,
    zeros: 'makes',
    flops: inputs,
  }),

  build: (_config, { kernels, x, y, dy, dx }) => ({
    forward: (rows) => kernels.relu(x, y, rows),
    backward: (rows) => kernels.reluBackward(y, dy!, dx!, rows),
  }),
});
