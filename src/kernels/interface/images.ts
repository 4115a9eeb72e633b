import type { Block, Matrix, PanelMatrix, Range, Vector } from '../../foundation/shapes.ts';
import type { ImageLists, PackedImages } from '../image-lists.ts';
import type { GradientBlock } from './blocks.ts';

/**
 * The products of images with weights, x = pixel / 255, from lists of the pixels that are not zero: see
 * image-lists.ts.
 */
export interface ImageKernels {
  /**
   * Packs images, as number `first` and so on; those before them have been packed.
   * (images.length / pixels, pixels) bytes
   */
  pack(images: Uint8Array, into: PackedImages, first: number): void;
  /** Lists these images by row, as row 0 and so on; at most `lists.rows`. */
  listRows(from: PackedImages, samples: Uint32Array, lists: ImageLists): void;
  /**
   * Lists them by pixel, for these pixels: an even number from an even one on, or all to the last, within
   * `lists.span`. The samples are one cut of a minibatch: number `cut`, at most `longestSum`.
   */
  listFeatures(
    from: PackedImages,
    samples: Uint32Array,
    cut: number,
    features: Range,
    lists: ImageLists,
  ): void;
  /** y = x W + b for some panels of W, in panels of 32; `rows` of y are the rows that are listed. */
  affine(lists: ImageLists, W: PanelMatrix, b: Vector, y: Matrix, panels: Range, rows: Range): void;
  /**
   * g = xᵀ dy over the rows of a cut, or g = g + xᵀ dy, for a block of W of which the features are listed.
   */
  outer(lists: ImageLists, dy: Matrix, rows: Range, W: PanelMatrix, block: Block, g: GradientBlock): void;
}
