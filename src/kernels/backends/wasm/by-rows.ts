/** How functions of single elements are called. `constant` is what they need beside x, if anything. */
import type { Matrix, Range } from '../../../foundation/shapes.ts';
import { at, type Kernel } from './call.ts';

/** y = f(x) */
export const map =
  (kernel: Kernel) =>
  (x: Matrix, y: Matrix, { first, count }: Range, constant = 0): void => {
    kernel(at(x, first), x.stride * 4, at(y, first), y.stride * 4, x.columns, count, constant);
  };

/** dx from dy and from `kept`, which is x or y. */
export const chain =
  (kernel: Kernel) =>
  (kept: Matrix, dy: Matrix, dx: Matrix, { first, count }: Range, constant = 0): void => {
    kernel(
      at(kept, first),
      kept.stride * 4,
      at(dy, first),
      dy.stride * 4,
      at(dx, first),
      dx.stride * 4,
      kept.columns,
      count,
      constant,
    );
  };
