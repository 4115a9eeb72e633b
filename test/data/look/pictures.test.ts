// What is told of pixels and of the ground of pictures.
import { expect, test } from 'vitest';
import type { Targets } from '#lockstep/contracts/task.js';
import type { Dataset, Features } from '#lockstep/data/dataset.js';
import { lookAt } from '#lockstep/data/look.js';
import { cycle, many, pictures, shared } from '../../support/small-data.ts';

test('pixels of another range than 0 to 255, and rows that may lack a label', () => {
  expect(lookAt(pictures(cycle(60, 3), [], 3, 2))).toContain(
    'no pixel is above 1, of 255: if 1 is white, say so with --set data.white=1',
  );
  expect(lookAt(pictures(cycle(60, 3), [], 3, 17))).toEqual([
    'no pixel is above 16, of 255: if 16 is white, say so with --set data.white=16',
  ]);
  expect(lookAt(pictures(cycle(60, 3), [], 3, 18))).toEqual([]);
  expect(lookAt(pictures(cycle(60, 3), [], 3, 1))).toEqual([
    'every pixel is 0: the training pictures are empty',
  ]);
  // They were scaled knowingly.
  const scaled = pictures(cycle(60, 3), [], 3, 2);
  const features: Features = { kind: 'bytes', shape: [3, 3, 1], white: 1 };
  expect(lookAt({ ...scaled, features })).toEqual([]);

  const wide = pictures(cycle(60, 3), [], 3);
  const one = (columns: number): Dataset => ({
    ...wide,
    features: { kind: 'bytes', shape: [1, columns, 1] },
    train: {
      ...wide.train,
      features: shared<Uint8Array<SharedArrayBuffer>>(Uint8Array, cycle(60 * columns, 251), 1),
    },
  });
  expect(lookAt(one(63))).toEqual([
    'a label and 63 pixels, but 64 pixels would be 8 x 8: does digits.csv hold rows without labels?',
  ]);
  expect(lookAt(one(62))).toEqual([]);
});

test('test pictures on the other ground are told, on any other they are not', () => {
  const on = (train: (i: number) => number, test: (i: number) => number, channels: 1 | 3 = 1): Dataset => {
    const part = (ground: (i: number) => number) => {
      const labels = many(40, (i) => [i % 2]).flat();
      // A dot in the middle, and noise that tells the pictures apart.
      const levels = labels.flatMap((_, i) =>
        many(25 * channels, (at) => {
          const level = Math.floor(at / channels) === 12 ? 255 - ground(i) : ground(i);
          return [Math.max(0, Math.min(255, level + ((i * 7 + at * 5) % 11) - 5))];
        }).flat(),
      );
      return {
        count: labels.length,
        features: shared<Uint8Array<SharedArrayBuffer>>(Uint8Array, levels, 1),
        targets: shared<Uint8Array<SharedArrayBuffer>>(Uint8Array, labels, 1),
      };
    };
    const features: Features = { kind: 'bytes', shape: [5, 5, channels] };
    const targets: Targets = { kind: 'classes', count: 2 };
    return { name: 'shapes', features, targets, train: part(train), test: part(test) };
  };
  const told = (dataset: Dataset) => lookAt(dataset).filter((line) => line.includes('ground'));
  for (const channels of [1, 3] as const) {
    expect(
      told(
        on(
          () => 10,
          () => 245,
          channels,
        ),
      ),
    ).toEqual([
      '100 % of the test pictures have a light ground (level 245), the training pictures a dark one ' +
        '(level 10): are they inverted? The network was never shown that',
    ]);
    expect(
      told(
        on(
          () => 240,
          (i) => (i % 2 ? 240 : 5),
          channels,
        ),
      ),
    ).toEqual([
      '50 % of the test pictures have a dark ground (level 5), the training pictures a light one ' +
        '(level 240): are they inverted? The network was never shown that',
    ]);
  }
  expect(
    told(
      on(
        () => 10,
        () => 60,
      ),
    ),
  ).toEqual([]);
  expect(
    told(
      on(
        (i) => (i % 3 ? 10 : 245),
        () => 245,
      ),
    ),
  ).toEqual([]);
});
