import { expect, test } from 'vitest';
import { meanAndDeviation } from '#lockstep/foundation/statistics.js';

test('the standard deviation is that of a sample: the squares are divided by n - 1', () => {
  expect(meanAndDeviation([1, 3, 5])).toEqual({ mean: 3, deviation: 2 });
  expect(meanAndDeviation([2, 4])).toEqual({ mean: 3, deviation: Math.SQRT2 });
});

test('a single value has none, and a value that is NaN makes both NaN', () => {
  expect(meanAndDeviation([7])).toEqual({ mean: 7, deviation: 0 });
  expect(meanAndDeviation([7, Number.NaN])).toEqual({ mean: Number.NaN, deviation: Number.NaN });
});
