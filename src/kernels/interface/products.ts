import type { Block, Matrix, PanelMatrix, Range, Vector } from '../../foundation/shapes.ts';
import type { GradientBlock } from './blocks.ts';

/**
 * The matrix products of a dense layer: forward, the gradient of its inputs, and that of its weights.
 *
 * Each product has a sparse twin that skips zeros. Adding 0 w changes no sum, so both give the same bits.
 */
export interface ProductKernels {
  /** y = x W + b. x (rows, fanIn), W (fanIn, units), b (units), y (rows, units) */
  affine(x: Matrix, W: PanelMatrix, b: Vector, y: Matrix, rows: Range): void;
  /** The same, for an x of which about half or more is zero; W in panels of 32. */
  affineSparse(x: Matrix, W: PanelMatrix, b: Vector, y: Matrix, rows: Range): void;

  /**
   * dx = dy Wᵀ. dy (rows, units), W (fanIn, units), dx (rows, fanIn). With `columns`, only these of dx; the
   * first is a multiple of 32.
   */
  transposed(dy: Matrix, W: PanelMatrix, dx: Matrix, rows: Range, columns?: Range): void;
  /** The same, for a dy of which about half is zero; W in panels of 32. */
  transposedSparse(dy: Matrix, W: PanelMatrix, dx: Matrix, rows: Range, columns?: Range): void;

  /**
   * g = xᵀ dy over `rows`, for a block of W.
   * x (rows, fanIn), dy (rows, units), g (panels, block.count, width)
   */
  outer(x: Matrix, dy: Matrix, rows: Range, W: PanelMatrix, block: Block, g: GradientBlock): void;
  /**
   * The same, for an x of which about half or more is zero; W and g in panels of 32. At most `longestSum`
   * rows a call.
   */
  outerSparse(x: Matrix, dy: Matrix, rows: Range, W: PanelMatrix, block: Block, g: GradientBlock): void;

  /** g = sums of the columns `block` of dy over `rows`; block.first is a multiple of 8. dy (rows, units) */
  columnSums(dy: Matrix, rows: Range, block: Range, g: GradientBlock): void;
}
