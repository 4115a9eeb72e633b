import { layer } from '../contracts/layer.ts';

/**
 * The hyperbolic tangent: y = tanh x, dx = dy (1 - y^2).
 *
 * LeCun, Bottou, Orr, Müller, "Efficient backprop", 1998, section 4.4.
 */
export const tanh = layer({
  kind: 'tanh',
  summary: 'Hyperbolic tangent: y = tanh x.',
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
    forward: (rows) => kernels.tanh(x, y, rows),
    backward: (rows) => kernels.tanhBackward(y, dy!, dx!, rows),
  }),
});
