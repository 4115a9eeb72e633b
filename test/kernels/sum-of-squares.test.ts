import { expect, test } from 'vitest';
import { stream } from '#lockstep/foundation/random.js';
import { draw, fill, kernelSpace } from '../support/kernel-space.ts';

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
