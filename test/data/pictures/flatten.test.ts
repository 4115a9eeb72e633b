import { expect, test } from 'vitest';
import { flatten } from '#lockstep/data/pictures/flatten.js';

/** A picture of one row. */
function flat(pixels: number[][], channels: 1 | 3): number[] {
  return [...flatten({ height: 1, width: pixels.length, rgba: Uint8Array.from(pixels.flat()) }, channels)];
}

test('a colour becomes its luma by ITU-R BT.601, and greys stay as they are', () => {
  const red = [255, 0, 0, 255];
  const green = [0, 255, 0, 255];
  const blue = [0, 0, 255, 255];
  // 0.299, 0.587 and 0.114 of 255, to the nearest.
  expect(flat([red, green, blue], 1)).toEqual([76, 150, 29]);
  const greys = Array.from({ length: 256 }, (_, level) => level);
  const pixels = greys.map((level) => [level, level, level, 255]);
  expect(flat(pixels, 1)).toEqual(greys);
});

test('what lets something through lies over white', () => {
  const half = [0, 100, 200, 128];
  expect(flat([half, [9, 9, 9, 0]], 3)).toEqual([127, 177, 227, 255, 255, 255]);
});
