// Pictures of digits become images like MNIST's. Tested on MNIST's images, enlarged and spoilt in many ways.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openDataset } from '#lockstep/data/open-dataset.js';
import type { Picture } from '#lockstep/data/pictures/picture.js';
import { readPng } from '#lockstep/data/pictures/png.js';
import { prepareImage } from '#lockstep/data/pictures/prepare.js';
import { profileOf } from '#lockstep/data/pictures/profile.js';
import { thicken } from '#lockstep/data/pictures/thicken.js';

const field = { height: 28, width: 28 };
const mnist = openDataset('mnist').then((dataset) => dataset.test);

const pictures = async () => (await mnist).features as Uint8Array;

async function original(index: number): Promise<Uint8Array> {
  return (await pictures()).subarray(784 * index, 784 * (index + 1));
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

/** A picture of a digit of MNIST, enlarged ten times: ink on paper, and what else is drawn. */
async function enlarged(
  index: number,
  { paper = 255, ink = 0 } = {},
  draw: (y: number, x: number, level: number) => number = (_y, _x, level) => level,
): Promise<Picture> {
  const image = await original(index);
  const at = (y: number, x: number) => image[28 * Math.floor(y / 10) + Math.floor(x / 10)]! / 255;
  return picture(280, 280, (y, x) => draw(y, x, Math.round(paper + (ink - paper) * at(y, x))));
}

describe('what is no digit is removed, and told', () => {
  test.each<[string, string[], (y: number, x: number, level: number) => number]>([
    ['a frame', ['frame removed'], (y, x, level) => (Math.min(y, x, 279 - y, 279 - x) < 3 ? 0 : level)],
    [
      'a thick grey frame',
      ['frame removed'],
      (y, x, level) => (Math.min(y, x, 279 - y, 279 - x) < 25 ? 90 : level),
    ],
    [
      'a frame at a distance from the edge',
      ['frame removed'],
      (y, x, level) => (Math.floor((Math.min(y, x, 279 - y, 279 - x) - 12) / 4) === 0 ? 0 : level),
    ],
    [
      'a frame drawn by hand',
      ['frame removed'],
      (y, x, level) => {
        const bent = Math.round(3 * Math.sin((y + x) / 20));
        const inside = Math.min(y - bent, x + bent, 279 - y + bent, 279 - x - bent) - 14;
        return inside >= 0 && inside < 4 ? 0 : level;
      },
    ],
    ['the shadow of a scan at one side', ['frame removed'], (_y, x, level) => (x < 12 ? 40 : level)],
    ['a ruled line', ['ruled line removed'], (y, _x, level) => (Math.abs(y - 262) < 2 ? 60 : level)],
    [
      'a ruled line through the digit',
      ['ruled line removed'],
      (y, _x, level) => (Math.abs(y - 190) < 2 ? 60 : level),
    ],
    [
      'lined paper',
      ['ruled line removed'],
      (y, _x, level) => ((y + 20) % 40 < 2 && level > 180 ? 170 : level),
    ],
    [
      'a line that is not level',
      ['ruled line removed'],
      (y, x, level) => (Math.abs(y - 255 - 0.03 * (x - 140)) < 1.5 ? 50 : level),
    ],
  ])('%s', async (_, removed, draw) => {
    for (const index of [2, 11]) {
      const plain = prepareImage(await enlarged(index), field)!;
      const spoilt = prepareImage(await enlarged(index, {}, draw), field)!;
      expect(spoilt.done).toEqual([...removed, ...plain.done]);
      expect(distance(spoilt.pixels, plain.pixels)).toBeLessThan(0.08);
      expect(spoilt.doubts).toEqual([]);
    }
  });

  test('a straight stroke of a digit that was cut out tightly is no ruled line and no frame', () => {
    const four = picture(100, 60, (y, x) =>
      Math.abs(x - 40) < 3 || (Math.abs(y - 62) < 3 && x < 60) || (Math.abs(x + 0.6 * y - 38) < 3 && y < 64)
        ? 0
        : 255,
    );
    expect(prepareImage(four, field)!.done.join()).not.toContain('removed');
  });
});

describe('several shapes are told, not guessed at', () => {
  const beside = async (gap: number, height = 280) => {
    const [left, right] = [await original(0), await original(2)];
    const at = (image: Uint8Array, y: number, x: number) =>
      y < 0 || x < 0 || y > 27 || x > 27 ? 0 : image[28 * y + x]!;
    return picture(height, 560, (y, x) => {
      const [row, column] = [Math.floor(y / 10), Math.floor(x / 10)];
      return 255 - Math.max(at(left, row, column), at(right, row, column - gap));
    });
  };
  test('two digits', async () => {
    const { doubts } = prepareImage(await beside(28), field)!;
    expect(doubts).toEqual([
      '2 separate shapes, where a training picture has one: taken as one; cut them apart',
    ]);
  });

  test('two digits that touch: wider than any training picture', async () => {
    const images = await pictures();
    const profile = profileOf(images, [28, 28, 1]);
    const bar = picture(100, 200, (y, x) => (Math.abs(y - 50) < 20 && x > 20 && x < 180 ? 0 : 255));
    expect(prepareImage(bar, field, profile)!.doubts).toEqual([
      '4.1 times as wide as high, wider than the training pictures: is it more than one shape?',
    ]);
  });

  test('one digit of MNIST is one shape, in 199 of 200', async () => {
    const images = await pictures();
    const profile = profileOf(images, [28, 28, 1]);
    let told = 0;
    for (let index = 0; index < 200; index++) {
      const image = await original(index);
      const made = picture(28, 28, (y, x) => 255 - image[28 * y + x]!);
      if (prepareImage(made, field, profile)!.doubts.length > 0) told++;
    }
    expect(told).toBeLessThanOrEqual(1);
  });
});

describe('the training pictures decide', () => {
  const spread = (images: Uint8Array, change: (level: number) => number) =>
    images.subarray(0, 784 * 200).map(change);

  test('MNIST: light ink on black, in a box of 20 pixels, about its centre of mass', async () => {
    const profile = profileOf(await pictures(), [28, 28, 1]);
    expect(profile).toMatchObject({ shape: [28, 28, 1], range: [0, 255] });
    expect(profile.drawings).toMatchObject({ paper: 0, ink: 255, box: 20 / 28, centring: 'mass' });
    expect(profile.drawings!.several).toBeLessThan(0.01);
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
  });

  test.each<[string, (level: number) => number]>([
    ['black on white', (level) => 255 - level],
    ['levels of 0 to 16', (level) => Math.round((level * 16) / 255)],
    ['levels of 0 and 1', (level) => (level > 127 ? 1 : 0)],
    ['grey on grey', (level) => 200 - Math.floor(level / 2)],
  ])('%s', async (_, change) => {
    const images = spread(await pictures(), change);
    const profile = profileOf(images, [28, 28, 1]);
    for (const index of [0, 30]) {
      // A picture that looks like them is taken as it is ...
      const own = images.subarray(784 * index, 784 * (index + 1));
      const same = prepareImage(
        picture(28, 28, (y, x) => own[28 * y + x]!),
        field,
        profile,
      )!;
      expect(same).toMatchObject({ pixels: Uint8Array.from(own), asIs: true });
      // ... and any other gets their levels.
      const other = prepareImage(await enlarged(index, { paper: 230, ink: 40 }), field, profile)!;
      expect(other.asIs).toBe(false);
      const [paper, ink] = [change(0), change(255)];
      const share = (level: number) => Math.round((255 * (level - paper)) / (ink - paper));
      const found = Uint8Array.from(other.pixels, share);
      expect(distance(found, Uint8Array.from(own, share))).toBeLessThan(0.12);
    }
  });

  test('dark ink on grey paper in the network’s own shape is turned round', async () => {
    const image = await original(3);
    const made = picture(28, 28, (y, x) => Math.round(110 - (90 * image[28 * y + x]!) / 255));
    const { pixels, asIs, done } = prepareImage(made, field)!;
    expect(asIs).toBe(false);
    expect(done).toContain('inverted');
    expect(distance(pixels, image)).toBeLessThan(0.05);
  });

  test('a digit in a corner of a picture of the right shape is moved to the middle', async () => {
    const image = await original(3);
    const small = (y: number, x: number) => (y < 12 && x < 12 ? image[28 * (2 * y + 2) + 2 * x + 2]! : 0);
    const { done } = prepareImage(picture(28, 28, small), field)!;
    expect(done).toEqual(['cropped', 'centred']);
  });

  test('photos: resized, colours kept, nothing searched for', () => {
    const photo = (i: number) => [(37 * i) % 256, (91 * i) % 256, (17 * i) % 256];
    const images = Uint8Array.from(
      { length: 50 * 48 },
      (_, i) => photo(Math.floor(i / 3) + 7 * Math.floor(i / 48))[i % 3]!,
    );
    const profile = profileOf(images, [4, 4, 3]);
    expect(profile.drawings).toBeNull();
    const rgba = Uint8Array.from({ length: 8 * 8 * 4 }, (_, i) => (i % 4 === 3 ? 255 : 10 + 50 * (i % 4)));
    rgba.set([255, 255, 255, 255], 0);
    const { pixels, done } = prepareImage({ height: 8, width: 8, rgba }, { height: 4, width: 4 }, profile)!;
    expect(done).toEqual(['resized to 4 x 4']);
    expect([...pixels.subarray(3, 6)]).toEqual([10, 60, 110]);
    expect([...pixels.subarray(0, 3)]).toEqual([71, 109, 146]);
    const small = { height: 4, width: 4, rgba: rgba.subarray(0, 64) };
    expect(prepareImage(small, { height: 4, width: 4 }, profile)).toMatchObject({ asIs: true, done: [] });
  });

  test('grey pictures of anything are no drawings', () => {
    const images = Uint8Array.from(
      { length: 100 * 64 },
      (_, i) => (i * i * 31 + 77 * Math.floor(i / 64)) % 256,
    );
    expect(profileOf(images, [8, 8, 1]).drawings).toBeNull();
  });

  test('what is no profile’s is refused', () => {
    expect(() => profileOf(new Uint8Array(10), [2, 2, 1])).toThrow(RangeError);
    expect(() => profileOf(new Uint8Array(0), [2, 2, 1])).toThrow('images: expected pictures of 4 bytes');
    const profile = profileOf(new Uint8Array(4), [2, 2, 1]);
    expect(() =>
      prepareImage(
        picture(3, 3, () => 0),
        { height: 3, width: 3 },
        profile,
      ),
    ).toThrow('profile.shape');
  });
});
