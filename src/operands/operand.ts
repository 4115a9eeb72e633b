/** The factor x of y = x W + b: it brings the products that suit the form in which it comes. */
import type { Block, Matrix, PanelMatrix, Range, Vector } from '../foundation/shapes.ts';
import type { GradientBlock, Kernels } from '../kernels/kernels.ts';
import { type Format, skipsZeros } from './format.ts';

/** x (rows, inputs), W (inputs, units), b (units), y and dy (rows, units), dx (rows, inputs) */
export interface Operand {
  /**
   * y = x W + b for these rows. With `panels`, only for the columns of some panels of W.
   */
  affine(W: PanelMatrix, b: Vector, y: Matrix, rows: Range, panels?: Range): void;
  /** dx = dy Wᵀ for these rows. With `columns`, only these of dx; the first is a multiple of 32. */
  transposed(dy: Matrix, W: PanelMatrix, dx: Matrix, rows: Range, columns?: Range): void;
  /** g = xᵀ dy, summed over these rows, for a block of W; at most `longestSum` rows a call. */
  outer(dy: Matrix, rows: Range, W: PanelMatrix, block: Block, g: GradientBlock): void;
}

/** x as numbers. Wherever x, or dy, has zeros by the format, they are passed over. */
export function numbersOperand(kernels: Kernels, x: Matrix, format: Format): Operand {
  const { affine, transposed, outer, affineSparse, transposedSparse, outerSparse } = kernels;
  return skipsZeros(format)
    ? {
        affine: (W, b, y, rows, panels) => byPanels(affineSparse, x, W, b, y, rows, panels),
        transposed: transposedSparse,
        outer: (dy, rows, W, block, g) => outerSparse(x, dy, rows, W, block, g),
      }
    : {
        affine: (W, b, y, rows, panels) => byPanels(affine, x, W, b, y, rows, panels),
        transposed,
        outer: (dy, rows, W, block, g) => outer(x, dy, rows, W, block, g),
      };
}

/** y = x W + b for the columns of some panels, or of all. */
function byPanels(
  affine: Kernels['affine'],
  x: Matrix,
  W: PanelMatrix,
  b: Vector,
  y: Matrix,
  rows: Range,
  panels: Range | undefined,
): void {
  if (panels === undefined) {
    affine(x, W, b, y, rows);
    return;
  }
  const first = panels.first * W.width;
  const columns = Math.min(panels.count * W.width, W.columns - first);
  affine(
    x,
    { ...W, offset: W.offset + first * W.rows, columns },
    { offset: b.offset + first, length: columns },
    { ...y, offset: y.offset + first, columns },
    rows,
  );
}
