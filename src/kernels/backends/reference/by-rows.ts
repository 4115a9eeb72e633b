/** Functions of single elements, by rows, in float64. */
import type { Matrix, Range } from '../../../foundation/shapes.ts';

export function byRows(m: Float64Array) {
  return {
    /** y = f(x) */
    map(x: Matrix, y: Matrix, { first, count }: Range, f: (x: number) => number): void {
      for (let r = first; r < first + count; r++) {
        for (let j = 0; j < y.columns; j++)
          m[y.offset + r * y.stride + j] = f(m[x.offset + r * x.stride + j]!);
      }
    },
    /** y = f(a, b) */
    zip(a: Matrix, b: Matrix, y: Matrix, { first, count }: Range, f: (a: number, b: number) => number): void {
      for (let r = first; r < first + count; r++) {
        for (let j = 0; j < y.columns; j++) {
          m[y.offset + r * y.stride + j] = f(
            m[a.offset + r * a.stride + j]!,
            m[b.offset + r * b.stride + j]!,
          );
        }
      }
    },
  };
}
