// Whatever the training pictures are, each of them reaches the network as it was trained on, and as evaluate
// reads it: nothing is cut out, moved or turned round.
import { describe, expect, test } from 'vitest';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { flatten } from '#lockstep/data/pictures/flatten.js';
import type { Picture } from '#lockstep/data/pictures/picture.js';
import { prepareImage } from '#lockstep/data/pictures/prepare.js';
import { type PictureProfile, profileOf } from '#lockstep/data/pictures/profile.js';
import { resizePixels } from '#lockstep/data/pictures/resize.js';

const field = { height: 24, width: 24 };

/** Numbers of 0 to 1 that look random, the same each time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Colour = readonly [red: number, green: number, blue: number, alpha?: number];

/** A disc or a cross, off the middle, with colours for ground and ink. */
function shape(seed: number, side: number, colours: (random: () => number) => [Colour, Colour], noise = 0) {
  const random = randomNumbers(seed);
  for (let i = 0; i < 5; i++) random();
  const [ground, ink] = colours(random);
  const scale = side / 24;
  const [y0, x0, r] = [8 + 8 * random(), 8 + 8 * random(), 4 + 4 * random()].map((length) => length * scale);
  const rgba = new Uint8Array(4 * side * side);
  for (let i = 0; i < side * side; i++) {
    const [y, x] = [Math.floor(i / side) - y0!, (i % side) - x0!];
    const disc = Math.hypot(y, x) < r!;
    const cross =
      Math.abs(Math.abs(x) - Math.abs(y)) < 1.5 * scale && Math.max(Math.abs(x), Math.abs(y)) < r!;
    const [red, green, blue, alpha = 255] = (seed % 2 === 0 ? disc : cross) ? ink : ground;
    const by = noise * (random() + random() - 1);
    rgba.set(
      [red, green, blue].map((level) => Math.max(0, Math.min(255, Math.round(level + by)))),
      4 * i,
    );
    rgba[4 * i + 3] = alpha;
  }
  return { height: side, width: side, rgba };
}

/** Pictures as they are trained on: read as evaluate reads them. */
function readAll(pictures: readonly Picture[], channels: 1 | 3): Uint8Array[] {
  return pictures.map((picture) => {
    const flat = flatten(picture, channels);
    if (picture.height === field.height && picture.width === field.width) return flat;
    const pixels = new Uint8Array(field.height * field.width * channels);
    resizePixels(flat, picture, pixels, field, channels);
    return pixels;
  });
}

function profileOfAll(read: readonly Uint8Array[], channels: 1 | 3, resized = false): PictureProfile {
  const images = new Uint8Array(read.length * read[0]!.length);
  for (const [i, pixels] of read.entries()) images.set(pixels, i * pixels.length);
  return profileOf(images, [field.height, field.width, channels], { resized });
}

const grey = (level: number): Colour => [level, level, level];
const light = () => [grey(0), grey(255)] as [Colour, Colour];
const many = (one: (i: number) => Picture) => Array.from({ length: 120 }, (_, i) => one(i));

const sets: [string, 1 | 3, Picture[]][] = [
  ['light on black', 1, many((i) => shape(i, 24, light))],
  ['light on black, with noise', 1, many((i) => shape(i, 24, light, 60))],
  ['dark on white, with noise', 1, many((i) => shape(i, 24, () => [grey(255), grey(10)], 60))],
  ['faint ink of many levels', 1, many((i) => shape(i, 24, (r) => [grey(20), grey(60 + 190 * r())], 20))],
  ['some on the other ground', 1, many((i) => shape(i, 24, i % 20 ? light : () => [grey(255), grey(0)]))],
  ['grounds of all levels', 1, many((i) => shape(i, 24, (r) => [grey(255 * r()), grey(255 * r())]))],
  ['blank ones among them', 1, many((i) => shape(i, 24, i % 9 ? light : () => [grey(0), grey(0)]))],
  ['transparent icons', 1, many((i) => shape(i, 24, () => [[0, 0, 0, 0], grey(30)]))],
  ['colours', 3, many((i) => shape(i, 24, (r) => [grey(0), [255 * r(), 255 * r(), 90]], 40))],
  [
    'blank ones in colour',
    3,
    many((i) => shape(i, 24, (r) => [grey(9), i % 9 ? [9, 255 * r(), 90] : grey(9)])),
  ],
  ['one kind of dark pixels', 1, many((i) => shape(i, 24, () => [grey(0), grey(16)]))],
  ['several sizes', 1, many((i) => shape(i, 24 + (i % 50), light, 40))],
  ['large ones', 1, many((i) => shape(i, i % 40 ? 48 : 1300, () => [grey(255), grey(0)], 40))],
];

describe('each training picture comes out as it was trained on', () => {
  test.each(sets)('%s', (_, channels, pictures) => {
    const read = readAll(pictures, channels);
    const resized = pictures.some(({ height }) => height !== 24);
    const profile = JSON.parse(JSON.stringify(profileOfAll(read, channels, resized))) as PictureProfile;
    for (const [i, picture] of pictures.entries()) {
      expect(prepareImage(picture, field, profile)?.pixels).toEqual(read[i]);
    }
  });

  test('digits of MNIST, which are cut out and centred', async () => {
    const { test: samples } = await openDataset('mnist');
    const images = samples.features as Uint8Array;
    const profile = profileOf(images, [28, 28, 1]);
    expect(profile.drawings!.placed).toBe(true);
    for (let i = 0; i < samples.count; i += 7) {
      const pixels = images.subarray(784 * i, 784 * (i + 1));
      const rgba = Uint8Array.from({ length: 4 * 784 }, (_, at) => (at % 4 === 3 ? 255 : pixels[at >> 2]!));
      const found = prepareImage({ height: 28, width: 28, rgba }, { height: 28, width: 28 }, profile)!;
      if (!found.asIs || Buffer.compare(found.pixels, pixels) !== 0) expect(i).toBe('taken unchanged');
    }
  });
});

describe('pictures that were not trained on', () => {
  const read = readAll(
    many((i) => shape(i, 24, light, 30)),
    1,
  );
  const profile = profileOfAll(read, 1);

  test('that look like those that were: unchanged', () => {
    expect(profile.drawings!.placed).toBe(false);
    for (let i = 500; i < 600; i++) {
      const other = shape(i, 24, light, 30);
      expect(prepareImage(other, field, profile)).toMatchObject({ pixels: flatten(other, 1), asIs: true });
    }
  });

  test.each([
    [255, 0, 'inverted'],
    [190, 30, 'inverted'],
    [110, 20, 'inverted'],
    [90, 250, 'ground matched'],
  ])('of ground %i and ink %i: levels of the training pictures, and nothing moved', (ground, ink, done) => {
    for (let i = 500; i < 520; i++) {
      const plain = flatten(shape(i, 24, light), 1);
      const found = prepareImage(
        shape(i, 24, () => [grey(ground), grey(ink)]),
        field,
        profile,
      )!;
      expect(found.done).toEqual([done]);
      for (const [at, level] of found.pixels.entries()) expect(Math.abs(level - plain[at]!)).toBeLessThan(12);
    }
  });

  test('of another size: resized as data.size does it', () => {
    const large = shape(500, 48, light, 30);
    const { pixels, done } = prepareImage(large, field, profile)!;
    expect(pixels).toEqual(readAll([large], 1)[0]);
    expect(done).toEqual(['resized to 24 x 24']);
  });

  test('asIs: never turned round, even a blank one', () => {
    for (const colours of [
      [grey(255), grey(0)],
      [grey(90), grey(90)],
    ] as [Colour, Colour][]) {
      const other = shape(500, 24, () => colours);
      const found = prepareImage(other, field, profile, { asIs: true });
      expect(found).toMatchObject({ pixels: flatten(other, 1), asIs: true, done: [] });
    }
  });
});
