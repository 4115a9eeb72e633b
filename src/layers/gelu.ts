import { layer } from '../contracts/layer.ts';

/**
 * The Gaussian error linear unit: y = x Phi(x), dx = dy (Phi(x) + x phi(x)).
 * Phi(x) = (1 + erf(x / sqrt 2)) / 2 is the normal distribution, phi(x) = e^(-x^2 / 2) / sqrt(2 pi) its
 * density. This is the exact form, not the one with tanh.
 *
 * The function is not monotonic, so y does not determine x, and x is kept for backward.
 * Hendrycks and Gimpel, "Gaussian error linear units (GELUs)", 2016.
 */
export const gelu = layer({
  kind: 'gelu',
  summary: 'Gaussian error linear unit: y = x Phi(x), Phi the normal distribution.',
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
    forward: (rows) => kernels.gelu(x, y, rows),
    backward: (rows) => kernels.geluBackward(x, dy!, dx!, rows),
  }),
});
