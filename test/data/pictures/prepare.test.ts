// Pictures of digits become images like MNIST's. Tested on MNIST's images, enlarged and spoilt in many ways.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openDataset } from '#lockstep/data/open-dataset.js';
import type { Picture } from '#lockstep/data/pictures/picture.js';
import { readPng } from '#lockstep/data/pictures/png.js';
import { prepareImage } from '#lockstep/data/pictures/prepare.js';
import { thicken } from '#lockstep/data/pictures/thicken.js';

const field = { height: 28, width: 28 };
const mnist = openDataset('mnist').then((dataset) => dataset.test);

async function original(index: number): Promise<Uint8Array> {
  return (await mnist).features.subarray(784 * index, 784 * (index + 1)) as Uint8Array;
}

/** Root of the mean squared difference, as a share of 1. */
function distance(a: Uint8Array, b: Uint8Array): number {
  const sum = a.reduce((total, level, i) => total + (level - b[i]!) ** 2, 0);
  return Math.sqrt(sum / a.length) / 255;
}

/** A grey picture. */
function picture(height: number, width: number, level: (y: number, x: number) => number): Picture {
  const rgba = new Uint8Array(height * width * 4).fill(255);
  for (let i = 0; i < height * width; i++)
    rgba.fill(level(Math.floor(i / width), i % width), 4 * i, 4 * i + 3);
  return { height, width, rgba };
}

/** The box of all pixels that are not 0, and the centre of mass. */
function measures(pixels: Uint8Array, width: number) {
  const rows: number[] = [];
  const columns: number[] = [];
  let [mass, down, across] = [0, 0, 0];
  for (const [i, level] of pixels.entries()) {
    if (level === 0) continue;
    const [y, x] = [Math.floor(i / width), i % width];
    rows.push(y);
    columns.push(x);
    mass += level;
    down += y * level;
    across += x * level;
  }
  return {
    height: Math.max(...rows) - Math.min(...rows) + 1,
    width: Math.max(...columns) - Math.min(...columns) + 1,
    row: down / mass,
    column: across / mass,
  };
}

const fixtures = readdirSync(new URL('../../vectors/digits', import.meta.url));
const path = (name: string) => fileURLToPath(new URL(`../../vectors/digits/${name}`, import.meta.url));

describe('PNG files of every kind (test/vectors/digits)', () => {
  test.each(fixtures.filter((name) => !/hairline|marker/.test(name)))(
    '%s is within 0.13 of the MNIST image that it was made of, or of that moved by a pixel',
    async (name) => {
      const { targets: labels } = await mnist;
      const prepared = prepareImage(await readPng(path(name)), field)!;
      const image = await original(labels.indexOf(Number(name[0])));
      // A centre of mass near a half may be rounded either way. MNIST has two empty pixels at each side.
      const moved = [-29, -28, -27, -1, 0, 1, 27, 28, 29].map((by) =>
        distance(
          prepared.pixels,
          image.map((_, i) => image[i + by] ?? 0),
        ),
      );
      expect(Math.min(...moved)).toBeLessThan(0.13);
    },
  );

  test.each(fixtures)('%s has the size and place of MNIST’s digits', async (name) => {
    const { pixels } = prepareImage(await readPng(path(name)), field)!;
    const { height, width, row, column } = measures(pixels, 28);
    expect(Math.max(height, width)).toBe(20);
    expect(Math.abs(row - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(column - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.max(...pixels)).toBe(255);
  });
});

describe('images of MNIST', () => {
  test('light on dark: taken as they are', async () => {
    for (let index = 0; index < 100; index++) {
      const image = await original(index);
      const prepared = prepareImage(
        picture(28, 28, (y, x) => image[28 * y + x]!),
        field,
      );
      expect(prepared).toEqual({ pixels: image, asIs: true, done: [], doubts: [] });
    }
  });

  test('dark on light: turned round, and nothing else', async () => {
    let same = 0;
    for (let index = 0; index < 200; index++) {
      const image = await original(index);
      const prepared = prepareImage(
        picture(28, 28, (y, x) => 255 - image[28 * y + x]!),
        field,
      )!;
      expect(prepared.asIs).toBe(false);
      expect(distance(prepared.pixels, image)).toBeLessThan(0.02);
      if (distance(prepared.pixels, image) === 0) same++;
    }
    // The others have a speck, or their brightest pixel is 254.
    expect(same).toBeGreaterThan(160);
  });

  test('any place, any colours of paper and ink, and a factor give the same pixels', async () => {
    const image = await original(0);
    const at = (y: number, x: number) => (y < 0 || x < 0 || y > 27 || x > 27 ? 0 : image[28 * y + x]!);
    for (const [dy, dx, paper, ink] of [
      [10, 40, 255, 0],
      [0, 0, 200, 90],
      [33, 7, 0, 255],
      [5, 5, 60, 190],
    ] as const) {
      const made = picture(84, 96, (y, x) => paper + ((ink - paper) * at(y - dy, x - dx)) / 255);
      expect(distance(prepareImage(made, field)!.pixels, image)).toBeLessThan(0.02);
    }
  });
});

test('a field that is not square has its own box', () => {
  const bar = picture(100, 100, (y, x) => (y > 20 && y < 80 && x > 40 && x < 60 ? 0 : 255));
  const { height, row, column } = measures(prepareImage(bar, { height: 14, width: 56 })!.pixels, 56);
  expect(height).toBe(10);
  expect(Math.abs(row - 7)).toBeLessThanOrEqual(0.5);
  expect(Math.abs(column - 28)).toBeLessThanOrEqual(0.5);
});

test('specks far from the digit do not move it', () => {
  const clean = picture(200, 200, (y, x) => (Math.abs(x - 100) < 12 && Math.abs(y - 100) < 60 ? 0 : 255));
  const dusty = picture(200, 200, (y, x) =>
    (y > 5 && y < 10 && x > 190) || (y > 192 && y < 198 && x > 2 && x < 8)
      ? 20
      : clean.rgba[4 * (200 * y + x)]!,
  );
  expect(prepareImage(dusty, field)!.pixels).toEqual(prepareImage(clean, field)!.pixels);
});

test('an image of one colour has nothing on it', () => {
  for (const [side, level] of [
    [28, 0],
    [28, 255],
    [50, 128],
  ] as const) {
    expect(
      prepareImage(
        picture(side, side, () => level),
        field,
      ),
    ).toBeUndefined();
  }
  const nothing = { height: 9, width: 9, rgba: new Uint8Array(324) };
  expect(prepareImage(nothing, field)).toBeUndefined();
});

test('a digit that touches an edge is not taken for a shade', () => {
  // A seven that is cut out tightly: its bar fills the upper edge.
  const seven = picture(80, 60, (y, x) => (y < 12 || Math.abs(x - (55 - 0.45 * y)) < 6 ? 0 : 255));
  const inset = picture(140, 140, (y, x) =>
    y >= 30 && y < 110 && x >= 40 && x < 100 ? seven.rgba[4 * ((y - 30) * 60 + x - 40)]! : 255,
  );
  expect(distance(prepareImage(seven, field)!.pixels, prepareImage(inset, field)!.pixels)).toBeLessThan(0.05);
});

describe('strokes', () => {
  const stroke = (width: number) => ({
    height: 100,
    width: 100,
    values: Float32Array.from({ length: 10_000 }, (_, i) => (Math.abs((i % 100) - 50) * 2 < width ? 1 : 0)),
  });
  const widthOf = ({ values, width }: { values: Float32Array; width: number }) =>
    values.subarray(0, width).reduce((a, b) => a + b) ||
    values.subarray(50 * width, 51 * width).reduce((a, b) => a + b);
  test('that would vanish become two pixels wide; others stay', () => {
    expect(widthOf(thicken(stroke(1), 10, 2.5))).toBeGreaterThan(15);
    expect(widthOf(thicken(stroke(1), 10, 2.5))).toBeLessThan(25);
    expect(thicken(stroke(15), 10, 2.5)).toEqual(stroke(15));
  });
});
