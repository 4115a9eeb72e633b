import { expect, test } from 'vitest';
import { stream } from '#lockstep/foundation/random.js';
import { panelSize } from '#lockstep/foundation/shapes.js';
import { draw, fill, kernelSpace, panelPlaces } from '../support/kernel-space.ts';

test.each([4, 8, 20, 1000])('%i squares: float32 values are summed in float64, within 2^-50', (length) => {
  const [fast, oracle] = [kernelSpace('wasm', 4000), kernelSpace('reference', 4000)];
  const [at, alsoAt] = [fast.room(length), oracle.room(length)];
  const random = stream(1, 'squares');
  const values = Array.from({ length }, () => draw(random, 0.1));
  for (const [space, offset] of [
    [fast, at],
    [oracle, alsoAt],
  ] as const) {
    let i = 0;
    const places = values.map((_, place) => offset + place);
    fill([space], places, () => values[i++]!);
  }
  const expected = oracle.kernels.sumOfSquares(alsoAt, length);
  expect(expected).toBeGreaterThan(0);
  expect(Math.abs(fast.kernels.sumOfSquares(at, length) - expected)).toBeLessThan(expected * 2 ** -50);
});

test.each([
  { rows: 5, units: 64 },
  { rows: 16, units: 96 },
  { rows: 33, units: 120 },
])('$rows rows of $units units: panels of 32 give the bits of panels of 8', ({ rows, units }) => {
  const space = kernelSpace('wasm', 12_000);
  const [narrow, wide] = ([8, 32] as const).map((width) => space.panels(rows, units, width));
  const random = stream(1, 'squares', rows, units);
  const values = Array.from({ length: rows * units }, () => draw(random, 0.1));
  for (const W of [narrow!, wide!]) {
    for (const [i, at] of panelPlaces(W).entries()) space.elements[at] = values[i]!;
  }
  const { sumOfSquares } = space.kernels;
  const expected = sumOfSquares(narrow!.offset, panelSize(narrow!));
  expect(sumOfSquares(wide!.offset, panelSize(wide!), rows)).toBe(expected);
  expect(sumOfSquares(wide!.offset, panelSize(wide!))).not.toBe(expected);
});
