/** Convolution over images, in WebAssembly. */
import { panelsOf } from '../../../foundation/shapes.ts';
import { roomParts } from '../../convolution-room.ts';
import type { ConvolutionKernels } from '../../interface/convolution.ts';
import { at, type Bound } from './call.ts';
import { placeWindow } from './window.ts';

export function convolution({ wasm, bytes, scratch }: Bound): ConvolutionKernels {
  const { convolve, convolveBackward, convolveWeights, channelSums } = wasm;
  const words = new Int32Array(bytes.buffer);
  return {
    convolve(x, W, b, y, window, { first, count }, room) {
      placeWindow(words, scratch, window);
      const { table, framed, list, lines } = roomParts(window, room);
      convolve(
        at(x, first),
        x.stride * 4,
        W.offset * 4,
        b ? b.offset * 4 : 0,
        at(y, first),
        y.stride * 4,
        count,
        scratch,
        table * 4,
        framed * 4,
        (list ?? 0) * 4,
        lines.forward,
      );
    },
    convolveBackward(dy, W, dx, window, { first, count }, room) {
      placeWindow(words, scratch, window);
      const { table, framed, rest, lists, scattered, lines } = roomParts(window, room);
      convolveBackward(
        at(dy, first),
        dy.stride * 4,
        W.offset * 4,
        at(dx, first),
        dx.stride * 4,
        count,
        scratch,
        table * 4,
        framed * 4,
        rest * 4,
        lists ? lists.entries * 4 : 0,
        lists ? lists.starts * 4 : 0,
        (scattered ?? 0) * 4,
        lines.backward,
      );
    },
    convolveWeights(x, dy, { first, count }, W, block, g, window, room) {
      placeWindow(words, scratch, window);
      const { framed, list, entries, dyTiles, xTiles, sums, totals, lines } = roomParts(window, room);
      const panels = panelsOf(W, block);
      convolveWeights(
        at(x, first),
        x.stride * 4,
        at(dy, first),
        dy.stride * 4,
        count,
        block.first,
        block.count,
        panels.first,
        panels.count,
        g.offset * 4,
        Number(g.add),
        scratch,
        framed * 4,
        (list ?? 0) * 4,
        (entries ?? 0) * 4,
        dyTiles * 4,
        xTiles * 4,
        sums * 4,
        totals * 4,
        lines.weights,
      );
    },
    channelSums(dy, channels, { first, count }, block, g) {
      channelSums(
        at(dy, first, block.first),
        dy.stride * 4,
        dy.columns / channels,
        channels,
        count,
        block.count,
        g.offset * 4,
        Number(g.add),
      );
    },
  };
}
