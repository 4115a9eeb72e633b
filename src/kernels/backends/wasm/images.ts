/** The products of images with weights, in WebAssembly. */
import { longestSum } from '../../../foundation/cuts.ts';
import { panelsOf, roundUp } from '../../../foundation/shapes.ts';
import type { PackedImages } from '../../image-lists.ts';
import type { ImageKernels } from '../../interface/images.ts';
import { at, type Bound } from './call.ts';

export function images({ wasm, bytes, scratch }: Bound): ImageKernels {
  const { packImage, listRows, listPairs, affinePixels, outerPixels } = wasm;
  const words = new Uint32Array(bytes.buffer);

  /** Tells the kernels where these images begin and end. */
  const point = ({ starts }: PackedImages, samples: Uint32Array, to: number) => {
    for (let row = 0; row < samples.length; row++) {
      const sample = samples[row]!;
      words[to + 2 * row] = words[starts + sample]!;
      words[to + 2 * row + 1] = words[starts + sample + 1]!;
    }
  };

  return {
    pack(images, { pixels, starts, entries }, first) {
      if (first === 0) words[starts] = entries * 4;
      // Zero up to a multiple of 64 bytes.
      bytes.fill(0, scratch + pixels, scratch + roundUp(pixels, 64));
      for (let i = 0, from = 0; from < images.length; i++, from += pixels) {
        bytes.set(images.subarray(from, from + pixels), scratch);
        words[starts + first + i + 1] = packImage(scratch, pixels, words[starts + first + i]!);
      }
    },

    listRows(from, samples, lists) {
      point(from, samples, lists.images);
      listRows(lists.images * 4, samples.length, from.pixels, lists.heads * 4, lists.entries * 4);
    },
    listFeatures(from, samples, cut, { first, count }, lists) {
      point(from, samples, lists.images);
      const pair = (first % lists.span) / 2;
      for (const { dyStride, cuts, cutStride, pairs, pairStride } of lists.features) {
        const heads = cuts + cut * cutStride;
        const entries = heads + roundUp(2 * pairs + 2, 4);
        listPairs(
          lists.images * 4,
          samples.length,
          first / 2,
          Math.ceil(count / 2),
          dyStride * 4,
          (heads + 2 * pair) * 4,
          (entries + pair * pairStride) * 4,
          pairStride * 4,
          (entries + pairs * pairStride) * 4,
        );
      }
    },

    affine(lists, W, b, y, panels, { first, count }) {
      const column = panels.first * W.width;
      affinePixels(
        lists.heads * 4,
        (W.offset + column * W.rows) * 4,
        W.rows,
        panels.count,
        (b.offset + column) * 4,
        at(y, first, column),
        y.stride * 4,
        count,
      );
    },
    outer(lists, dy, { first }, W, block, g) {
      const panels = panelsOf(W, block);
      const of = lists.features.find(({ dyStride }) => dyStride === dy.stride);
      if (!of) throw new RangeError(`no pixels are listed for dy of ${dy.stride} elements a row`);
      const heads = of.cuts + Math.floor(first / longestSum) * of.cutStride;
      outerPixels(
        (heads + (block.first % lists.span)) * 4,
        at(dy, first, panels.first * W.width),
        block.count,
        panels.count,
        g.offset * 4,
        Number(g.add),
      );
    },
  };
}
