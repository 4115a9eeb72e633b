import { layer } from '../contracts/layer.ts';

/**
 * The sigmoid-weighted linear unit, or swish: y = x s(x), dx = dy s(x) (1 + x (1 - s(x))) with
 * s(x) = 1 / (1 + e^-x).
 *
 * The function is not monotonic, so y does not determine x, and x is kept for backward.
 * Elfwing, Uchibe, Doya, "Sigmoid-weighted linear units for neural network function approximation in
 * reinforcement learning", 2018.
 */
export const silu = layer({
  kind: 'silu',
  summary: 'Sigmoid-weighted linear unit, also called swish: y = x / (1 + e^-x).',
  fields: {},

  plan: (_config, { inputs }) => ({
    outputs: inputs,
    shape: 'kept',
    parameters: [],
    reads: { x: true, y: false },
    inPlace: false,
    flops: 5 * inputs,
  }),

  build: (_config, { kernels, x, y, dy, dx }) => ({
    forward: (rows) => kernels.silu(x, y, rows),
    backward: (rows) => kernels.siluBackward(x, dy!, dx!, rows),
  }),
});
