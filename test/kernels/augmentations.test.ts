// Fields of positions, and the images that they make, compared with the oracle.
import { describe, expect, test } from 'vitest';
import { rowWords } from '#lockstep/foundation/philox.js';
import { blurRoom, type PixelField, type PlaneMap, planeSize } from '#lockstep/kernels/kernels.js';
import { placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { Twins } from '../support/twins.ts';

const shapes: [height: number, width: number][] = [
  [1, 1],
  [1, 2],
  [2, 1],
  [3, 5],
  [4, 4],
  [5, 3],
  [7, 16],
  [8, 17],
  [13, 9],
  [28, 28],
  [31, 33],
];
const turned: PlaneMap = { xx: 0.9, xy: -0.4, yx: 0.5, yy: 1.1, x: 0.7, y: -1.3 };
const words = rowWords('augmentation', 3, { seed: 2 ** 53 - 1, epoch: 4_000_000_000 }, 3_000_000_000);

describe.each(shapes)('%i x %i pixels', (height, width) => {
  const twins = new Twins('augmentations', 60_000, 1100);
  const pixels = height * width;
  const image = Uint8Array.from({ length: pixels }, () => twins.random.below(3) && twins.random.below(256));

  /** A field, its places, and the places of its padding, whose contents do not matter. */
  const placed = () => {
    const shape = { height, width };
    const field: PixelField = { offset: twins.room(2 * planeSize(shape)), ...shape };
    const { offset } = field;
    const places = [offset, offset + planeSize(field)].flatMap((first) =>
      vectorPlaces({ offset: first, length: pixels }),
    );
    return { field, places, all: vectorPlaces({ offset, length: 2 * planeSize(field) }) };
  };

  test('the identity is exact, and a map within 4 * 2^-24 of the largest place', () => {
    twins.clear();
    const { field, places, all } = placed();
    twins.untouched(() => twins.fast.kernels.identityField(field), all);
    twins.within(places, 0, ({ identityField }) => identityField(field));
    twins.untouched(() => twins.fast.kernels.mapField(field, turned), all);
    twins.oracle.kernels.mapField(field, turned);
    const largest = Math.max(...places.map((at) => Math.abs(twins.oracle.elements[at]!)));
    for (const at of places) {
      const error = Math.abs(twins.fast.elements[at]! - twins.oracle.elements[at]!);
      expect(error).toBeLessThanOrEqual(4 * 2 ** -24 * largest);
    }
  });

  test.each([1, 2, 4, 12, 40])('smoothed noise, radius %i: within 1e-6 of the largest place', (radius) => {
    twins.clear();
    const { field, places, all } = placed();
    const size = blurRoom(field, radius);
    const room = twins.room(size);
    const weights = vectorPlaces({ offset: room, length: radius + 1 });
    twins.set(weights, () => Math.fround(twins.random.uniform() / radius));
    for (const { kernels } of [twins.fast, twins.oracle]) kernels.identityField(field);
    const scratch = vectorPlaces({ offset: room, length: size }).slice(weights.length);
    twins.untouched(
      () => twins.fast.kernels.elasticField(field, words, { radius, room }, 3),
      [...all, ...scratch],
    );
    twins.oracle.kernels.elasticField(field, words, { radius, room }, 3);
    const found = places.map((at) => twins.fast.elements[at]!);
    const expected = places.map((at) => twins.oracle.elements[at]!);
    const largest = Math.max(...expected.map(Math.abs), 3);
    for (const [i, value] of found.entries()) {
      expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-6 * largest);
    }
  });

  test('an image through the identity is pixel / 255, bit for bit', () => {
    twins.clear();
    const { field } = placed();
    const [x, y] = [twins.matrix(3, pixels), twins.matrix(3, pixels)];
    const output = placesOf(x, 3).slice(pixels, 2 * pixels);
    for (const { kernels, elements } of [twins.fast, twins.oracle]) {
      kernels.identityField(field);
      kernels.resample(image, field, 1, x, 1);
      kernels.pixels(image, y, 1);
      for (const at of output) expect(elements[at]).toBe(elements[at - x.offset + y.offset]);
    }
  });

  test('an image through any field: within 1e-5, zeros where the oracle has them, the padding zero', () => {
    for (const spread of [0.5, 3, 1000]) {
      twins.clear();
      const { field, places } = placed();
      for (const { kernels } of [twins.fast, twins.oracle]) kernels.identityField(field);
      twins.set(places, () => Math.fround(spread * twins.random.normal() * 0.3));
      const x = twins.matrix(3, pixels);
      const output = placesOf(x, 3).slice(pixels, 2 * pixels);
      twins.untouched(() => twins.fast.kernels.resample(image, field, 1, x, 1), output);
      twins.oracle.kernels.resample(image, field, 1, x, 1);
      for (const at of output) {
        const [value, expected] = [twins.fast.elements[at]!, twins.oracle.elements[at]!];
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-5);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        if (expected === 0) expect(value).toBe(0);
      }
    }
  });

  test.each([2, 3, 4, 5])(
    '%i channels: each has the bits that it has alone, and the padding is zero',
    (channels) => {
      twins.clear();
      const { field, places } = placed();
      for (const { kernels } of [twins.fast, twins.oracle]) kernels.identityField(field);
      twins.set(places, () => Math.fround(3 * twins.random.normal()));
      const colours = Uint8Array.from({ length: pixels * channels }, () => twins.random.below(256));
      const [x, alone] = [twins.matrix(3, pixels * channels), twins.matrix(1, pixels)];
      const output = placesOf(x, 3).slice(pixels * channels, 2 * pixels * channels);
      twins.untouched(() => twins.fast.kernels.resample(colours, field, channels, x, 1), output);
      twins.oracle.kernels.resample(colours, field, channels, x, 1);
      for (let c = 0; c < channels; c++) {
        const plane = colours.filter((_, i) => i % channels === c);
        for (const { kernels, elements } of [twins.fast, twins.oracle]) {
          kernels.resample(plane, field, 1, alone, 0);
          for (let p = 0; p < pixels; p++) {
            expect(elements[output[p * channels + c]!]).toBe(elements[alone.offset + p]);
          }
        }
      }
    },
  );
});
