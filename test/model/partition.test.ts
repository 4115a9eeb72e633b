import { expect, test } from 'vitest';
import { evenly, part } from '#lockstep/model/partition.js';

test('parts follow each other, cover everything, and differ by one at most', () => {
  for (const count of [0, 1, 7, 64]) {
    for (const parts of [1, 2, 3, 8]) {
      const ranges = Array.from({ length: parts }, (_, index) => part(count, parts, index));
      expect(ranges.reduce((sum, { count }) => sum + count, 0)).toBe(count);
      for (const [index, { first }] of ranges.entries()) {
        expect(first).toBe(ranges.slice(0, index).reduce((sum, { count }) => sum + count, 0));
      }
      const counts = ranges.map(({ count }) => count);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  }
});

test('every contiguous share has about its part of each list, in order', () => {
  const lists = [30, 7, 1, 16].map((length, list) => Array.from({ length }, (_, i) => [list, i] as const));
  const all = evenly(lists);
  expect(all).toHaveLength(54);
  for (const [list, { length }] of lists.entries()) {
    expect(all.filter(([of]) => of === list).map(([, i]) => i)).toEqual(Array.from({ length }, (_, i) => i));
    for (const shares of [2, 3]) {
      for (let share = 0; share < shares; share++) {
        const { first, count } = part(all.length, shares, share);
        const found = all.slice(first, first + count).filter(([of]) => of === list).length;
        expect(Math.abs(found - length / shares)).toBeLessThan(2);
      }
    }
  }
});
