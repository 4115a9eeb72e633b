import { layer } from '../contracts/layer.ts';
import { imageOf, paddingField, pairOfAtLeastOne, poolOf } from '../contracts/windows.ts';
import { numbersOf } from '../foundation/window.ts';

/**
 * The mean of each window, channel by channel: y[p, c] = sum over k of x[q(p, k), c] / n[p], where
 * q(p, k) = p stride + k - before, and n[p] counts the places of the window that lie within the image. So
 * padding is not averaged in (PyTorch: count_include_pad=False).
 *
 * dx[q, c] = sum of dy[p, c] / n[p] over the windows p that contain q.
 *
 * LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", 1998.
 */
export const averagePool = layer({
  kind: 'average-pool',
  summary: 'The mean of each window of an image, channel by channel.',
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
    const window = poolOf(imageOf(given, 'average-pool'), config);
    const { kernel, output } = window;
    return {
      outputs: numbersOf(output),
      shape: output,
      window,
      parameters: [],
      reads: { x: false, y: false },
      inPlace: false,
      flops: kernel[0] * kernel[1] * numbersOf(output),
    };
  },

  build(config, { kernels, shape, x, y, dy, dx }) {
    const window = poolOf(shape!, config);
    return {
      forward: (rows) => kernels.averagePool(x, y, window, rows),
      backward: (rows) => kernels.averagePoolBackward(dy!, dx!, window, rows),
    };
  },
});
