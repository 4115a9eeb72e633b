// Pools of the fast kernels, compared with their oracle.
import { describe, expect, test } from 'vitest';
import type { Range } from '#lockstep/foundation/shapes.js';
import { numbersOf } from '#lockstep/foundation/window.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { placesOf } from '../support/kernel-space.ts';
import { randomPieces, Twins } from '../support/twins.ts';
import { type Shape, titleOf, windowOf } from '../support/windows.ts';

const twins = new Twins('pooling', 200_000);
const all = (count: number): Range => ({ first: 0, count });
const rows = 3;

const shapes: Shape[] = [
  { input: [1, 1, 1], kernel: [1, 1] },
  ...[1, 2, 3, 4, 6, 8, 13, 16, 32].map(
    (channels): Shape => ({ input: [6, 4, channels], kernel: [2, 2], stride: [2, 2] }),
  ),
  { input: [7, 9, 6], kernel: [2, 2], stride: [2, 2] },
  { input: [7, 5, 5], kernel: [3, 3], stride: [2, 2], before: [1, 1] },
  { input: [6, 7, 9], kernel: [3, 2], stride: [1, 1], before: [1, 0] },
  { input: [5, 9, 3], kernel: [2, 3], stride: [3, 4] },
  { input: [9, 8, 7], kernel: [3, 2], stride: [2, 1], dilation: [2, 3], before: [1, 2] },
  { input: [7, 7, 20], kernel: [7, 7] },
];

/** Small whole numbers, so that many are equal, and zeros of both signs. */
function draw(): number {
  const value = Math.floor(twins.random.uniform() * 5) - 2;
  return value === 0 && twins.random.uniform() < 0.5 ? -0 : value;
}

describe.each(shapes.map((shape) => [titleOf(shape), windowOf(shape)] as const))('%s', (_, window) => {
  const { kernel } = window;
  const place = () => {
    twins.clear();
    const [x, dx] = [0, 0].map(() => twins.matrix(rows, numbersOf(window.input)));
    const [y, dy] = [0, 0].map(() => twins.matrix(rows, numbersOf(window.output)));
    return { x: x!, dx: dx!, y: y!, dy: dy! };
  };

  test('the largest number is exact, and its gradient goes to the first of equal ones', () => {
    for (const ties of [false, true]) {
      const { x, y, dy, dx } = place();
      if (ties) twins.set(placesOf(x, rows), draw);
      const call = (kernels: Kernels) => kernels.maxPool(x, y, window, all(rows));
      twins.within(placesOf(y, rows), 0, call);
      // Sums of several windows are rounded.
      twins.within(placesOf(dx, rows), 2 ** -20, (kernels) =>
        kernels.maxPoolBackward(x, dy, dx, window, all(rows)),
      );
    }
  });

  test('a NaN is the largest, and its gradient goes to the first of them', () => {
    const { x, y, dy, dx } = place();
    twins.set(placesOf(x, rows), () => (twins.random.uniform() < 0.3 ? Number.NaN : draw()));
    const { fast, oracle } = twins;
    const output = [...placesOf(y, rows), ...placesOf(dx, rows)];
    twins.untouched(() => {
      for (const { kernels } of [fast, oracle]) {
        kernels.maxPool(x, y, window, all(rows));
        kernels.maxPoolBackward(x, dy, dx, window, all(rows));
      }
    }, output);
    for (const at of placesOf(y, rows)) expect(fast.elements[at]).toEqual(oracle.elements[at]);
    for (const at of placesOf(dx, rows)) {
      expect(Math.abs(fast.elements[at]! - oracle.elements[at]!)).toBeLessThan(1e-5);
    }
  });

  test('the mean and its gradient are within (places + 2) 2^-24 of the sum of absolute terms', () => {
    const { x, y, dy, dx } = place();
    const places = kernel[0] * kernel[1];
    twins.compare((kernels) => kernels.averagePool(x, y, window, all(rows)), placesOf(y, rows), places + 2);
    twins.compare(
      (kernels) => kernels.averagePoolBackward(dy, dx, window, all(rows)),
      placesOf(dx, rows),
      places + 2,
    );
  });

  test('the bits do not depend on the rows of a call', () => {
    const { x, y, dy, dx } = place();
    const calls: [number[], (kernels: Kernels, piece: Range) => void][] = [
      [placesOf(y, rows), (kernels, piece) => kernels.maxPool(x, y, window, piece)],
      [placesOf(dx, rows), (kernels, piece) => kernels.maxPoolBackward(x, dy, dx, window, piece)],
      [placesOf(y, rows), (kernels, piece) => kernels.averagePool(x, y, window, piece)],
      [placesOf(dx, rows), (kernels, piece) => kernels.averagePoolBackward(dy, dx, window, piece)],
    ];
    for (const [output, call] of calls) {
      const whole = twins.bits((kernels) => call(kernels, all(rows)), output);
      const pieces = randomPieces(rows, 1, twins.random);
      const found = twins.bits((kernels) => {
        for (const piece of pieces) call(kernels, piece);
      }, output);
      expect(found).toEqual(whole);
    }
  });
});
