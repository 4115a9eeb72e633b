/**
 * Convolution over images, in float64: the plain seven loops, over rows, places (two), windows (two) and
 * channels (two). Zeros around an image are left out.
 */
import { panelIndex, panelsOf, roundUp } from '../../../foundation/shapes.ts';
import { numbersOf, placesOf, type Window } from '../../../foundation/window.ts';
import type { ConvolutionKernels } from '../../interface/convolution.ts';
import { seenBy, tapsOf } from './windows.ts';

export function convolution(m: Float64Array): ConvolutionKernels {
  return {
    convolve(x, W, b, y, window, { first, count }) {
      const { inputs, channels, firstInput } = groupsOf(window);
      for (let r = first; r < first + count; r++) {
        for (let p = 0; p < placesOf(window.output); p++) {
          const to = y.offset + r * y.stride + p * channels;
          for (let o = 0; o < channels; o++) m[to + o] = b ? m[b.offset + o]! : 0;
          for (let tap = 0; tap < tapsOf(window); tap++) {
            const q = seenBy(window, p, tap);
            if (q < 0) continue;
            for (let o = 0; o < channels; o++) {
              const from = x.offset + r * x.stride + q * window.input.channels + firstInput(o);
              const weights = W.offset + panelIndex(W, tap * inputs, o);
              for (let i = 0; i < inputs; i++) m[to + o]! += m[from + i]! * m[weights + i * W.width]!;
            }
          }
        }
      }
    },

    convolveBackward(dy, W, dx, window, { first, count }) {
      const { inputs, channels, firstInput } = groupsOf(window);
      for (let r = first; r < first + count; r++) {
        const begin = dx.offset + r * dx.stride;
        m.fill(0, begin, begin + numbersOf(window.input));
        for (let p = 0; p < placesOf(window.output); p++) {
          const from = dy.offset + r * dy.stride + p * channels;
          for (let tap = 0; tap < tapsOf(window); tap++) {
            const q = seenBy(window, p, tap);
            if (q < 0) continue;
            for (let o = 0; o < channels; o++) {
              const to = begin + q * window.input.channels + firstInput(o);
              const weights = W.offset + panelIndex(W, tap * inputs, o);
              for (let i = 0; i < inputs; i++) m[to + i]! += m[from + o]! * m[weights + i * W.width]!;
            }
          }
        }
      }
    },

    convolveWeights(x, dy, { first, count }, W, block, g, window) {
      const { inputs, channels, firstInput } = groupsOf(window);
      const panels = panelsOf(W, block);
      const begin = panels.first * W.width;
      // The optimizers run over the padding too: there the sums stay zero.
      const width = panels.count * W.width;
      const end = Math.min(begin + width, channels);
      for (let k = 0; k < block.count; k++) {
        const [tap, i] = [Math.floor((block.first + k) / inputs), (block.first + k) % inputs];
        const sums = new Float64Array(width);
        for (let r = first; r < first + count; r++) {
          const row = new Float64Array(width);
          for (let p = 0; p < placesOf(window.output); p++) {
            const q = seenBy(window, p, tap);
            if (q < 0) continue;
            const from = x.offset + r * x.stride + q * window.input.channels + i;
            const gradient = dy.offset + r * dy.stride + p * channels;
            for (let o = begin; o < end; o++) {
              row[o - begin]! += m[from + firstInput(o)]! * m[gradient + o]!;
            }
          }
          for (let j = 0; j < width; j++) sums[j]! += row[j]!;
        }
        for (let j = 0; j < width; j++) {
          const at = g.offset + (Math.floor(j / W.width) * block.count + k) * W.width + (j % W.width);
          m[at] = g.add ? m[at]! + sums[j]! : sums[j]!;
        }
      }
    },

    channelSums(dy, channels, { first, count }, block, g) {
      for (let j = 0; j < roundUp(block.count, 4); j++) {
        const o = block.first + j;
        let sum = 0;
        for (let r = first; o < channels && r < first + count; r++) {
          let row = 0;
          for (let at = o; at < dy.columns; at += channels) row += m[dy.offset + r * dy.stride + at]!;
          sum += row;
        }
        m[g.offset + j] = g.add ? m[g.offset + j]! + sum : sum;
      }
    },
  };
}

/** How channels are divided: `inputs` of a group, all output channels, and where the inputs of one begin. */
function groupsOf({ input, output, groups }: Window) {
  const inputs = input.channels / groups;
  const outputs = output.channels / groups;
  const firstInput = (o: number) => Math.floor(o / outputs) * inputs;
  return { inputs, channels: output.channels, firstInput };
}
