// Pictures in another size, compared with plain formulas.
import { describe, expect, test } from 'vitest';
import { resizePixels } from '#lockstep/data/pictures/resize.js';
import { stream } from '#lockstep/foundation/random.js';

const random = stream(1, 'resize');

function resized(pixels: Uint8Array, from: [number, number], to: [number, number], channels = 1) {
  const into = new Uint8Array(to[0] * to[1] * channels);
  const shape = ([height, width]: [number, number]) => ({ height, width });
  resizePixels(pixels, shape(from), into, shape(to), channels);
  return into;
}

test('the same size changes nothing', () => {
  const pixels = Uint8Array.from({ length: 5 * 7 * 3 }, () => random.below(256));
  expect(resized(pixels, [5, 7], [5, 7], 3)).toEqual(pixels);
});

test('one colour stays what it is, in any size', () => {
  for (const [height, width] of [
    [1, 1],
    [3, 8],
    [64, 5],
    [1000, 1000],
  ] as const) {
    const pixels = new Uint8Array(12 * 9).fill(201);
    expect(resized(pixels, [12, 9], [height, width]).every((level) => level === 201)).toBe(true);
  }
});

test('smaller: the mean of the area, to a half', () => {
  expect([...resized(Uint8Array.of(0, 10, 20, 31), [2, 2], [1, 1])]).toEqual([15]);
  expect([...resized(Uint8Array.of(0, 10, 20, 32), [2, 2], [1, 1])]).toEqual([16]);
  // Three to two: the middle one is shared.
  expect([...resized(Uint8Array.of(0, 90, 180), [1, 3], [1, 2])]).toEqual([30, 150]);
});

test('larger: between the middles of neighbours', () => {
  expect([...resized(Uint8Array.of(0, 100), [1, 2], [1, 4])]).toEqual([0, 25, 75, 100]);
  expect([...resized(Uint8Array.of(0, 100), [2, 1], [3, 1])]).toEqual([0, 50, 100]);
});

describe('any size, within a rounding of the formula in float64', () => {
  /** What new pixel i of `to` is made of, from `from` old ones: by areas, or by distances. */
  const share = (from: number, to: number, i: number, k: number) => {
    if (to <= from) {
      const [a, b] = [(i * from) / to, ((i + 1) * from) / to];
      return Math.max(0, Math.min(b, k + 1) - Math.max(a, k)) / (from / to);
    }
    const at = Math.max(0, Math.min(from - 1, ((i + 0.5) * from) / to - 0.5));
    return Math.max(0, 1 - Math.abs(at - k));
  };
  test.each([
    [9, 11, 4, 5],
    [9, 11, 20, 3],
    [2, 3, 7, 1],
    [1, 1, 4, 4],
    [28, 28, 8, 8],
    [8, 8, 28, 28],
  ])('%i x %i to %i x %i', (height, width, tall, wide) => {
    const channels = 3;
    const pixels = Uint8Array.from({ length: height * width * channels }, () => random.below(256));
    const found = resized(pixels, [height, width], [tall, wide], channels);
    for (const [at, level] of found.entries()) {
      const [y, x, c] = [Math.floor(at / channels / wide), Math.floor(at / channels) % wide, at % channels];
      let sum = 0;
      for (let k = 0; k < height; k++) {
        for (let l = 0; l < width; l++) {
          sum +=
            share(height, tall, y, k) * share(width, wide, x, l) * pixels[(k * width + l) * channels + c]!;
        }
      }
      expect(Math.abs(level - sum)).toBeLessThanOrEqual(0.5 + 1e-9);
    }
  });
});
