import { units } from '../contracts/fields.ts';
import { layer, misfit } from '../contracts/layer.ts';
import { imageOf, paddingField, pairOfAtLeastOne, shapeText, windowOf } from '../contracts/windows.ts';
import type { PanelMatrix, Vector } from '../foundation/shapes.ts';
import { numbersOf, placesOf } from '../foundation/window.ts';
import { convolutionRoom } from '../kernels/convolution-room.ts';

/**
 * A convolution: each place p of the output sees a window of the input, and all places share the weights.
 * x (rows, height · width · inputs), W (kernel height, kernel width, inputs, channels), b (channels).
 *
 * q(p, k) = p stride + k dilation - before is what offset k = (ky, kx) of the window at p = (py, px) sees;
 * what lies outside of the image is zero. With the loss L of the minibatch and dy = dL/dy,
 *
 *   y[p, o]     = b[o] + sum over k, i of         x[q(p, k), i] W[k, i, o]
 *   dx[q, i]    =        sum over p, k, o of      dy[p, o] W[k, i, o], as far as q(p, k) = q
 *   dW[k, i, o] =        sum over samples, p of   x[q(p, k), i] dy[p, o]
 *   db[o]       =        sum over samples, p of   dy[p, o]
 *
 * So dx sends each dy back to the places that were seen, by the weights through which they were seen.
 * In g groups, outputs o of a group see its own inputs / g inputs only, and W has so many.
 *
 * Strictly, this is a correlation: the window is not mirrored, as in all trainers (Goodfellow, Bengio,
 * Courville, "Deep Learning", 2016, section 9.1; Dumoulin, Visin, "A guide to convolution arithmetic for deep
 * learning", 2016).
 */
export const conv = layer({
  kind: 'conv',
  summary: 'Convolution: every place of an image is weighed with its neighbours, by the same weights.',
  learns: true,
  fields: {
    channels: { anyOf: units.anyOf, description: 'Number of output channels; words as for `units`.' },
    kernel: {
      anyOf: pairOfAtLeastOne,
      description: 'Lines and columns of the window: a number, or [vertical, horizontal].',
    },
    stride: {
      anyOf: pairOfAtLeastOne,
      default: 1,
      description: 'Lines and columns from one window to the next.',
    },
    padding: paddingField,
    dilation: {
      anyOf: pairOfAtLeastOne,
      default: 1,
      description: 'Lines and columns from one place of a window to the next.',
    },
    groups: {
      type: 'integer',
      minimum: 1,
      default: 1,
      description: 'Groups of channels that do not see each other; as many as input channels: depthwise.',
    },
    bias: { type: 'boolean', default: true, description: 'Whether b is added.' },
    initializer: {
      $ref: '#/$defs/initializer',
      default: { kind: 'he-normal' },
      description: 'How W starts; b starts at zero.',
    },
  },

  plan(config, given) {
    const input = imageOf(given, 'conv');
    const channels = typeof config.channels === 'number' ? config.channels : given.targets;
    const { groups } = config;
    for (const [number, of] of [
      [input.channels, `the ${input.channels} channels of the input, ${shapeText(input)}`],
      [channels, `the ${channels} channels of the output`],
    ] as const) {
      if (number % groups === 0) continue;
      throw misfit('groups', { expected: `a number that divides ${of}`, got: String(groups) });
    }
    const window = windowOf(input, channels, config, 'kernel');
    const { kernel, output } = window;
    const inputs = input.channels / groups;
    const taps = kernel[0] * kernel[1];
    const places = placesOf(output);
    const rest = { fanIn: taps * inputs, fanOut: (taps * channels) / groups };
    const W = { name: 'W', shape: [...kernel, inputs, channels], initializer: config.initializer } as const;
    const b = { name: 'b', shape: [channels], initializer: { kind: 'zeros' } } as const;
    return {
      outputs: numbersOf(output),
      shape: output,
      window,
      parameters: [
        { ...W, role: 'weight', cost: 2 * places, ...rest },
        ...(config.bias ? [{ ...b, role: 'bias', cost: places, ...rest } as const] : []),
      ],
      reads: { x: true, y: false },
      inPlace: false,
      room: convolutionRoom(window),
      flops: 2 * taps * inputs * numbersOf(output),
    };
  },

  build(config, { kernels, shape, x, y, dy, dx, parameters, room }) {
    const { W, b } = parameters as { W: PanelMatrix; b?: Vector };
    const window = windowOf(shape!, W.columns, config, 'kernel');
    return {
      forward: (rows) => kernels.convolve(x, W, b, y, window, rows, room),
      backward: (rows) => kernels.convolveBackward(dy!, W, dx!, window, rows, room),
      gradients: {
        W: (block, rows, g) => kernels.convolveWeights(x, dy!, rows, W, block, g, window, room),
        b: (block, rows, g) => kernels.channelSums(dy!, W.columns, rows, block, g),
      },
    };
  },
});
