/** Convolution over images, in float64: the plain seven loops. Zeros around an image are left out. */
import { panelIndex, panelsOf, roundUp } from '../../../foundation/shapes.ts';
import { numbersOf, type Window } from '../../../foundation/window.ts';
import type { ConvolutionKernels } from '../../interface/convolution.ts';
import { eachPlace, eachTap } from './windows.ts';

export function convolution(m: Float64Array): ConvolutionKernels {
  return {
    convolve(x, W, b, y, window, { first, count }) {
      const { inputs, channels, firstInput } = groupsOf(window);
      for (let r = first; r < first + count; r++) {
        eachPlace(window, (p, py, px) => {
          for (let o = 0; o < channels; o++) {
            let sum = b ? m[b.offset + o]! : 0;
            eachTap(window, py, px, (tap, q) => {
              const from = x.offset + r * x.stride + q * window.input.channels + firstInput(o);
              for (let ci = 0; ci < inputs; ci++) {
                sum += m[from + ci]! * m[W.offset + panelIndex(W, tap * inputs + ci, o)]!;
              }
            });
            m[y.offset + r * y.stride + p * channels + o] = sum;
          }
        });
      }
    },

    convolveBackward(dy, W, dx, window, { first, count }) {
      const { inputs, channels, firstInput } = groupsOf(window);
      for (let r = first; r < first + count; r++) {
        const to = dx.offset + r * dx.stride;
        m.fill(0, to, to + numbersOf(window.input));
        eachPlace(window, (p, py, px) => {
          for (let o = 0; o < channels; o++) {
            const gradient = m[dy.offset + r * dy.stride + p * channels + o]!;
            eachTap(window, py, px, (tap, q) => {
              const at = to + q * window.input.channels + firstInput(o);
              for (let ci = 0; ci < inputs; ci++) {
                m[at + ci]! += gradient * m[W.offset + panelIndex(W, tap * inputs + ci, o)]!;
              }
            });
          }
        });
      }
    },

    convolveWeights(x, dy, { first, count }, W, block, g, window) {
      const { inputs, channels, firstInput } = groupsOf(window);
      const panels = panelsOf(W, block);
      for (let k = 0; k < block.count; k++) {
        const [tap, ci] = [Math.floor((block.first + k) / inputs), (block.first + k) % inputs];
        for (let o = panels.first * W.width; o < (panels.first + panels.count) * W.width; o++) {
          let sum = 0;
          // The optimizers run over the padding too: there the sum is zero.
          for (let r = first; o < channels && r < first + count; r++) {
            let row = 0;
            eachPlace(window, (p, py, px) => {
              eachTap(window, py, px, (seen, q) => {
                if (seen !== tap) return;
                const input = m[x.offset + r * x.stride + q * window.input.channels + firstInput(o) + ci]!;
                row += input * m[dy.offset + r * dy.stride + p * channels + o]!;
              });
            });
            sum += row;
          }
          const panel = Math.floor(o / W.width) - panels.first;
          const at = g.offset + (panel * block.count + k) * W.width + (o % W.width);
          m[at] = g.add ? m[at]! + sum : sum;
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

/** How channels are divided: `inputs` of a group, all output channels, and where those of one begin. */
function groupsOf({ input, output, groups }: Window) {
  const inputs = input.channels / groups;
  const outputs = output.channels / groups;
  const firstInput = (o: number) => Math.floor(o / outputs) * inputs;
  return { inputs, channels: output.channels, firstInput };
}
