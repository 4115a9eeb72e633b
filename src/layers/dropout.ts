import { layer, misfit } from '../contracts/layer.ts';
import { rowWords } from '../foundation/philox.ts';
import type { Matrix, Range } from '../foundation/shapes.ts';

/**
 * Inverted dropout: y = x m / (1 - rate), dx = dy m / (1 - rate) in training. Each entry of the mask m is 0
 * with probability `rate` and otherwise 1. In evaluation y = x.
 *
 * `per: channel` draws one entry for each channel of an image, so that all places of a channel go, or none:
 * neighbouring places know each other's numbers (Tompson et al., "Efficient object localization using
 * convolutional networks", 2015; torch.nn.Dropout2d).
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
    per: {
      enum: ['entry', 'channel'],
      default: 'entry',
      description: 'What is dropped: single numbers, or whole channels of an image.',
    },
  },

  plan({ per }, { inputs, shape }) {
    if (per === 'channel' && !shape) {
      throw misfit('per', {
        expected: '`entry`, because the input is a vector',
        got: '`channel`',
        hint: 'only images have channels, as long as no dense or flatten layer comes between',
      });
    }
    return {
      outputs: inputs,
      shape: 'kept',
      parameters: [],
      reads: { x: false, y: false },
      inPlace: true,
      zeros: 'keeps',
      flops: inputs,
    };
  },

  build: ({ rate, per }, { kernels, shape, x, y, dy, dx, training, draw, index }) => {
    const masked = (from: Matrix, to: Matrix, { first, count }: Range) => {
      for (let row = first; row < first + count; row++) {
        const words = rowWords('dropout', index, draw, draw.sample(row));
        if (per === 'channel') kernels.dropoutChannels(from, to, shape!.channels, row, words, rate);
        else kernels.dropout(from, to, row, words, rate);
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
