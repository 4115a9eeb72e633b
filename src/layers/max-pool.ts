import { layer } from '../contracts/layer.ts';
import { imageOf, paddingField, pairOfAtLeastOne, poolOf } from '../contracts/windows.ts';
import { numbersOf } from '../foundation/window.ts';

/**
 * The largest number of each window, channel by channel: y[p, c] = max over k of x[q(p, k), c], where
 * q(p, k) = p stride + k - before. What lies outside of the image is not there.
 *
 * The gradient goes to the number that was largest, and to no other: dx[q, c] = sum of dy[p, c] over the
 * windows p whose largest number lies at q. Of several that are equal, it is the first in reading order, as
 * in PyTorch and TensorFlow. After a rectifier that happens often: all zeros are equal.
 *
 * Zhou, Chellappa, "Computation of optical flow using a neural network", 1988.
 */
export const maxPool = layer({
  kind: 'max-pool',
  summary: 'The largest number of each window of an image, channel by channel.',
  fields: {
    size: {
      anyOf: pairOfAtLeastOne,
      default: 2,
      description: 'Lines and columns of the window: a number, or [vertical, horizontal].',
    },
    stride: {
      anyOf: [...pairOfAtLeastOne, { enum: ['size'] }],
      default: 'size',
      description: 'Lines and columns from one window to the next; `size`: the windows lie side by side.',
    },
    padding: paddingField,
  },

  plan(config, given) {
    const window = poolOf(imageOf(given, 'max-pool'), config);
    const { kernel, output } = window;
    return {
      outputs: numbersOf(output),
      shape: output,
      window,
      parameters: [],
      reads: { x: true, y: false },
      inPlace: false,
      flops: kernel[0] * kernel[1] * numbersOf(output),
    };
  },

  build(config, { kernels, shape, x, y, dy, dx }) {
    const window = poolOf(shape!, config);
    return {
      forward: (rows) => kernels.maxPool(x, y, window, rows),
      backward: (rows) => kernels.maxPoolBackward(x, dy!, dx!, window, rows),
    };
  },
});
