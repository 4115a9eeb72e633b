import { layer } from '../contracts/layer.ts';
import type { Matrix, Range } from '../foundation/shapes.ts';

/**
 * The numbers of an image as a vector: y = x, dx = dy. Place after place in reading order, the channels of a
 * place beside each other.
 *
 * A dense layer does the same by itself. What differs after `flatten` are layers that would look at channels,
 * such as batch-norm: to them each number is a feature.
 */
export const flatten = layer({
  kind: 'flatten',
  summary: 'The numbers of an image as a vector; a dense layer does so by itself.',
  fields: {},

  plan: (_config, { inputs }) => ({
    outputs: inputs,
    parameters: [],
    reads: { x: false, y: false },
    inPlace: true,
    zeros: 'keeps',
    flops: 0,
  }),

  build(_config, { kernels, x, y, dy, dx }) {
    const copy = (from: Matrix, to: Matrix, { first, count }: Range) => {
      if (from.offset === to.offset) return;
      const [start, end] = [from.offset + first * from.stride, from.offset + (first + count) * from.stride];
      kernels.elements.copyWithin(to.offset + first * to.stride, start, end);
    };
    return {
      forward: (rows) => copy(x, y, rows),
      backward: (rows) => copy(dy!, dx!, rows),
    };
  },
});
