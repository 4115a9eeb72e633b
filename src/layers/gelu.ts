import { layer } from '../contracts/layer.ts';

/**
 * The Gaussian error linear unit: y = x Phi(x), dx = dy (Phi(x) + x phi(x)), where Phi(x) = (1 + erf(x / sqrt 2)) / 2
 * is the normal distribution and phi(x) = e^(-x^2 / 2) / sqrt(2 pi) its density. Exact, not the form with tanh.
 *
 * It is not monotonic, so x cannot be had from y.
 * Hendrycks and Gimpel, "Gaussian error linear units (GELUs)", 2016.
 */
export const gelu = layer({
  kind: 'gelu',
  summary: 'Gaussian error linear unit: y = x Phi(x), Phi the normal distribution.',
  fields: {},

  plan: (_config, { inputs }) => ({
    outputs: inputs,
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
