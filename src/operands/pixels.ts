/**
 * Samples as lists of the pixels that are not zero: by row for y = x W + b, and by pixel for xᵀ dy.
 *
 * The lists are one thread's own. It makes them when it needs them: making them takes about as long as
 * fetching those of another core, and nobody waits for them.
 */
import { inCuts, longestSum } from '../foundation/cuts.ts';
import { panelCount, type Range, roundUp } from '../foundation/shapes.ts';
import { type ImageLists, listedFeatures, type PackedImages } from '../kernels/image-lists.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Operand } from './operand.ts';

/** The samples of a minibatch: packed images, and which of them come from row `first` on. */
export interface ListedSamples {
  packed: PackedImages;
  at(first: number, count: number): Uint32Array;
}

/**
 * x as lists; `listRows` must have listed the rows, and `listFeatures` the features, that a product reads.
 */
export function listsOperand({ images, transposedSparse }: Kernels, lists: ImageLists): Operand {
  return {
    affine: (W, b, y, rows, panels = { first: 0, count: panelCount(W) }) =>
      images!.affine(lists, W, b, y, panels, rows),
    transposed: transposedSparse,
    outer: (dy, rows, W, block, g) => images!.outer(lists, dy, rows, W, block, g),
  };
}

/** Lists the pixels whose gradient is summed, those of whole parts at once, each part once a minibatch. */
export interface FeatureLister {
  /** Another minibatch comes. */
  forget(): void;
  /** Lists these features over the rows of whole cuts, unless they are listed. */
  list(samples: ListedSamples, rows: Range, features: Range): void;
}

/**
 * @param sharing threads that share the panels of a layer: each then lists only a part of the pixels at once
 * @param around wraps the work of listing a part, for a clock
 */
export function featureLister(
  { images }: Kernels,
  lists: ImageLists,
  pixels: number,
  sharing: number,
  around: <A extends unknown[]>(work: (...given: A) => void) => (...given: A) => void = (work) => work,
): FeatureLister {
  const width = Math.min(lists.span, roundUp(Math.ceil(pixels / sharing), listedFeatures));
  const listed = new Array<boolean>(Math.ceil(pixels / width)).fill(false);
  const listPart = around(({ packed, at }: ListedSamples, rows: Range, features: Range) => {
    inCuts(rows, ({ first, count }) => {
      images!.listFeatures(packed, at(first, count), first / longestSum, features, lists);
    });
  });
  return {
    forget: () => void listed.fill(false),
    list(samples, rows, { first, count }) {
      for (let part = Math.floor(first / width); part * width < first + count; part++) {
        if (listed[part]) continue;
        if (lists.span < pixels) listed.fill(false);
        listed[part] = true;
        listPart(samples, rows, { first: part * width, count: Math.min(width, pixels - part * width) });
      }
    },
  };
}
