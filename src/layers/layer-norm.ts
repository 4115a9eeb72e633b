import { layer } from '../contracts/layer.ts';
import type { Vector } from '../foundation/shapes.ts';

/**
 * Layer normalisation: y = gamma xhat + beta, xhat = (x - mean) / sqrt(variance + epsilon), sample by sample.
 *
 * Mean and (biased) variance are those of the sample's own n features; of an image, of all of its numbers. So
 * a row depends on no other row, and training and evaluation are the same.
 * With d = gamma dy, the gradient of xhat,
 * dx = (d - mean of d - xhat (mean of d xhat)) / sqrt(variance + epsilon);
 * dgamma = sum of dy xhat and dbeta = sum of dy over the rows.
 * Ba, Kiros, Hinton, "Layer normalization", 2016; the same numbers as torch.nn.LayerNorm.
 */
export const layerNorm = layer({
  kind: 'layer-norm',
  summary:
    'Layer normalisation: the features of a sample get mean 0 and variance 1, then y = gamma x + beta.',
  learns: true,
  fields: {
    epsilon: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1e-5,
      description: 'Added to the variance.',
    },
  },

  plan(_config, { inputs }) {
    const rest = { role: 'norm', fanIn: inputs, fanOut: inputs } as const;
    return {
      outputs: inputs,
      shape: 'kept',
      parameters: [
        { name: 'gamma', shape: [inputs], initializer: { kind: 'ones' }, ...rest },
        { name: 'beta', shape: [inputs], initializer: { kind: 'zeros' }, ...rest },
      ],
      reads: { x: true, y: false },
      inPlace: false,
      flops: 8 * inputs,
    };
  },

  build({ epsilon }, { kernels, x, y, dy, dx, parameters }) {
    const gamma = parameters.gamma as Vector;
    const beta = parameters.beta as Vector;
    return {
      forward: (rows) => kernels.normalizeRows(x, epsilon, gamma, beta, y, rows),
      backward: (rows) => kernels.normalizeRowsBackward(x, dy!, epsilon, gamma, dx!, rows),
      gradients: {
        gamma: (block, rows, g) => kernels.normalizeRowsSums(x, dy!, epsilon, rows, block, g),
        beta: (block, rows, g) => kernels.columnSums(dy!, rows, block, g),
      },
    };
  },
});
