import type { Matrix, Range } from '../../foundation/shapes.ts';
import type { Window } from '../../foundation/window.ts';

/**
 * Pools over images, channel by channel; what lies outside of the image is not there. Every window sees at
 * least one place. x and dx (rows, input), y and dy (rows, output), see foundation/window.ts.
 */
export interface PoolingKernels {
  /** y = the largest number of each window; NaN if one of them is. */
  maxPool(x: Matrix, y: Matrix, window: Window, rows: Range): void;
  /**
   * dx = sums of dy over the windows, in reading order, whose largest number this is: of several that are
   * equal the first in reading order, and the first NaN before any number.
   */
  maxPoolBackward(x: Matrix, dy: Matrix, dx: Matrix, window: Window, rows: Range): void;
  /** y = the mean of each window: the sum in reading order, divided by the number of places. */
  averagePool(x: Matrix, y: Matrix, window: Window, rows: Range): void;
  /** dx = sums, over the windows that contain it in reading order, of dy divided by the window's places. */
  averagePoolBackward(dy: Matrix, dx: Matrix, window: Window, rows: Range): void;
}
