import { layer } from '../contracts/layer.ts';
import { imageOf, poolOf } from '../contracts/windows.ts';
import { type ImageShape, numbersOf } from '../foundation/window.ts';

/**
 * The mean of each channel over all n places of the image: y[c] = sum over p of x[p, c] / n,
 * dx[p, c] = dy[c] / n.
 *
 * Lin, Chen, Yan, "Network in network", 2014, section 3.2.
 */
export const globalAveragePool = layer({
  kind: 'global-average-pool',
  summary: 'The mean of each channel of an image over all of its places.',
  fields: {},

  plan(_config, given) {
    const window = wholeOf(imageOf(given, 'global-average-pool'));
    const { input, output } = window;
    return {
      outputs: output.channels,
      shape: output,
      window,
      parameters: [],
      reads: { x: false, y: false },
      inPlace: false,
      flops: numbersOf(input),
    };
  },

  build(_config, { kernels, shape, x, y, dy, dx }) {
    const window = wholeOf(shape!);
    return {
      forward: (rows) => kernels.averagePool(x, y, window, rows),
      backward: (rows) => kernels.averagePoolBackward(dy!, dx!, window, rows),
    };
  },
});

/** The one window that sees the whole image. */
const wholeOf = (image: ImageShape) =>
  poolOf(image, { size: [image.height, image.width], stride: 1, padding: 'valid' });
