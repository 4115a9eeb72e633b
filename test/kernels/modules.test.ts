// The two modules of the fast kernels, one for each of V8's compilers. They differ in how the loops of the
// dense products are written, and must give the same bits: what Node 20 has trained, Node 24 trains again.
import { expect, test } from 'vitest';
import { stream } from '#lockstep/foundation/random.js';
import type { Range } from '#lockstep/foundation/shapes.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { kernelsFiles } from '#lockstep/platform/kernels-module.js';
import { type KernelSpace, kernelSpace } from '../support/kernel-space.ts';

const spaces = kernelsFiles.map((file) => kernelSpace('wasm', 400_000, 300, 300, file));
const random = stream(1, 'kernels', 'modules');

/** Places the same things in both spaces. */
function both<T>(place: (space: KernelSpace) => T): T {
  const [placed] = spaces.map(place);
  return placed!;
}

/** Fills both spaces with the same numbers, -0 among them, and compares all bits after the call. */
function sameBits(call: (kernels: Kernels) => void): void {
  const length = spaces[0]!.used().length;
  const numbers = Float32Array.from({ length }, (_, i) => (i % 11 === 0 ? -0 : 2 * random.uniform() - 1));
  const before = bits(numbers);
  const [first, second] = spaces.map((space) => {
    space.elements.set(numbers, space.start);
    call(space.kernels);
    return bits(space.used());
  });
  expect(first!.equals(second!)).toBe(true);
  expect(first!.equals(before)).toBe(false);
}

const bits = ({ buffer }: Float32Array | Float64Array) => Buffer.from(buffer);

const all = (count: number): Range => ({ first: 0, count });
// Lengths around the eight steps of a turn, and the four or eight rows of a tile.
const lengths = [1, 2, 4, 7, 8, 9, 15, 16, 17, 24, 33, 128, 130];

test.each(lengths)('affine and transposed: %i contracted', (steps) => {
  for (const [rows, width] of [
    [1, 8],
    [4, 16],
    [7, 10],
    [17, 12],
    [64, 33],
  ] as const) {
    for (const space of spaces) space.clear();
    const wide = both((space) => space.panels(steps, width, 8));
    const b = both((space) => space.vector(width));
    const x = both((space) => space.matrix(rows, steps));
    const y = both((space) => space.matrix(rows, width));
    sameBits((kernels) => kernels.affine(x, wide, b, y, all(rows)));
    const tall = both((space) => space.panels(width, steps, 8));
    sameBits((kernels) => kernels.transposed(x, tall, y, all(rows)));
  }
});

test.each(lengths)('outer: %i rows', (rows) => {
  for (const [inputs, units] of [
    [1, 8],
    [4, 10],
    [7, 33],
    [17, 12],
    [64, 16],
  ] as const) {
    for (const space of spaces) space.clear();
    const W = both((space) => space.panels(inputs, units, 8));
    const x = both((space) => space.matrix(rows, inputs));
    const dy = both((space) => space.matrix(rows, units));
    const offset = both((space) => space.room(inputs * (units + 8)));
    for (const add of [false, true])
      sameBits((kernels) => kernels.outer(x, dy, all(rows), W, all(inputs), { offset, add }));
  }
});
