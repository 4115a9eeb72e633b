/** Pools over images, in float64. */
import type { Matrix, Range } from '../../../foundation/shapes.ts';
import { numbersOf, placesOf, type Window } from '../../../foundation/window.ts';
import type { PoolingKernels } from '../../interface/pooling.ts';
import { seenBy, tapsOf } from './windows.ts';

export function pooling(m: Float64Array): PoolingKernels {
  /** Each number of the output, by row, place and channel, with the places of the input that it sees. */
  const each = (
    x: Matrix,
    y: Matrix,
    window: Window,
    { first, count }: Range,
    visit: (at: number, seen: readonly number[]) => void,
  ) => {
    const { channels } = window.input;
    for (let p = 0; p < placesOf(window.output); p++) {
      const places = Array.from({ length: tapsOf(window) }, (_, tap) => seenBy(window, p, tap));
      const there = places.filter((q) => q >= 0);
      for (let r = first; r < first + count; r++) {
        for (let c = 0; c < channels; c++) {
          const seen = there.map((q) => x.offset + r * x.stride + q * channels + c);
          visit(y.offset + r * y.stride + p * channels + c, seen);
        }
      }
    }
  };
  const clear = (dx: Matrix, { input }: Window, { first, count }: Range) => {
    for (let r = first; r < first + count; r++) {
      m.fill(0, dx.offset + r * dx.stride, dx.offset + r * dx.stride + numbersOf(input));
    }
  };
  /** Where the largest number lies: of equal ones the first, and a NaN before any number. */
  const largest = (seen: readonly number[]) =>
    seen.reduce((best, at) =>
      m[at]! > m[best]! || (Number.isNaN(m[at]!) && !Number.isNaN(m[best]!)) ? at : best,
    );

  return {
    maxPool: (x, y, window, rows) =>
      each(x, y, window, rows, (at, seen) => {
        m[at] = m[largest(seen)]!;
      }),
    maxPoolBackward(x, dy, dx, window, rows) {
      clear(dx, window, rows);
      each(x, dy, window, rows, (at, seen) => {
        const place = largest(seen) - x.offset;
        const row = Math.floor(place / x.stride);
        m[dx.offset + row * dx.stride + (place % x.stride)]! += m[at]!;
      });
    },
    averagePool: (x, y, window, rows) =>
      each(x, y, window, rows, (at, seen) => {
        let sum = 0;
        for (const from of seen) sum += m[from]!;
        m[at] = sum / seen.length;
      }),
    averagePoolBackward(dy, dx, window, rows) {
      clear(dx, window, rows);
      each(dx, dy, window, rows, (at, seen) => {
        for (const to of seen) m[to]! += m[at]! / seen.length;
      });
    },
  };
}
