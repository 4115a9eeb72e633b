import { layer } from '../contracts/layer.ts';
import { rowWords } from '../foundation/philox.ts';
import type { Matrix, Range } from '../foundation/shapes.ts';

/**
 * Inverted dropout: y = x m / (1 - rate), dx = dy m / (1 - rate) in training. Each entry of the mask m is 0
 * with probability `rate` and otherwise 1. In evaluation y = x.
 *
 * The mask is keyed by seed, layer, epoch and sample, so it depends on no thread, batch size or row.
 * Backward makes it again instead of reading it.
 * Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014; section 10
 * has the scaling.
 */
export const dropout = layer({
  kind: 'dropout',
  summary: 'Dropout: in training, zeroes inputs at random and scales the others by 1 / (1 - rate).',
  fields: {
    rate: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.5,
      description: 'Probability that an input is dropped.',
    },
  },

  plan: (_config, { inputs }) => ({
    outputs: inputs,
    parameters: [],
    reads: { x: false, y: false },
    inPlace: true,
    zeros: 'keeps',
    flops: inputs,
  }),

  build: ({ rate }, { kernels, x, y, dy, dx, training, draw, index }) => {
    const masked = (from: Matrix, to: Matrix, { first, count }: Range) => {
      for (let row = first; row < first + count; row++) {
        kernels.dropout(from, to, row, rowWords('dropout', index, draw, draw.sample(row)), rate);
      }
    };
    const copied = ({ first, count }: Range) => {
      if (y.offset === x.offset) return;
      const [from, to] = [x.offset + first * x.stride, y.offset + first * y.stride];
      kernels.elements.copyWithin(to, from, from + count * x.stride);
    };
    return {
      forward: (rows) => (training ? masked(x, y, rows) : copied(rows)),
      backward: (rows) => masked(dy!, dx!, rows),
    };
  },
});
