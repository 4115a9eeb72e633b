// The weights of the first layer as pictures: the sign is the colour, the size the opacity.
import { describe, expect, test } from 'vitest';
import type { Features } from '#lockstep/data/dataset.js';
import type { Preparation } from '#lockstep/data/preparation.js';
import { firstLayerSection } from '#lockstep/report/page/first-layer.js';
import { picturesIn } from '../support/pictures.ts';

const pixels: Preparation = { kind: 'pixels' };
const bytes = (height: number, width: number, channels: number): Features => ({
  kind: 'bytes',
  shape: [height, width, channels],
});

function drawn(features: Features, preparation: Preparation, shape: [number, number], weight: Weight) {
  const [inputs, units] = shape;
  const values = Float32Array.from({ length: inputs * units }, (_, i) =>
    weight(Math.floor(i / units), i % units),
  );
  const { text } = firstLayerSection({ features, preparation }, { shape, values });
  return { text, pictures: picturesIn(text) };
}
type Weight = (input: number, unit: number) => number;

describe('of grey pictures', () => {
  test('one picture for each unit, each weight at the place of its pixel', () => {
    // Unit 1 looks at the pixel in row 1, column 2 only; unit 0 at the opposite of row 0, column 1.
    const weight: Weight = (i, u) => (u === 1 ? (i === 6 ? 2 : 0) : i === 1 ? -2 : 0);
    const { pictures, text } = drawn(bytes(3, 4, 1), pixels, [12, 2], weight);
    expect(pictures.map(({ size }) => size)).toEqual([
      [3, 4],
      [3, 4],
    ]);
    const [red, green, blue, opacity] = pictures[1]!.at(1, 2);
    expect(blue).toBeGreaterThan(red!);
    expect(opacity).toBe(255);
    expect(green).toBeDefined();
    const below = pictures[0]!.at(0, 1);
    expect(below[0]).toBeGreaterThan(below[2]!);
    expect(below[3]).toBe(255);
    for (const [y, x] of [
      [0, 1],
      [2, 2],
      [1, 1],
    ] as const) {
      expect(pictures[1]!.at(y, x)[3], 'zero is the paper').toBe(0);
    }
    expect(text).toContain('all 2 units');
  });

  test('of many units the first 64', () => {
    const { pictures, text } = drawn(bytes(2, 2, 1), pixels, [4, 100], () => 1);
    expect(pictures).toHaveLength(64);
    expect(text).toContain('the first 64 of 100 units');
  });

  test('large ones are made smaller by means, also at an edge that is left over', () => {
    const { pictures, text } = drawn(bytes(73, 73, 1), pixels, [73 * 73, 1], () => 0.5);
    expect(text).toContain('mean over 3 × 3 pixels');
    const [picture] = pictures;
    expect(picture!.size).toEqual([25, 25]);
    expect(picture!.at(24, 24)).toEqual(picture!.at(0, 0));
    expect(text).toContain('0.5 or more');
  });

  test('weights that are all zero are paper', () => {
    expect(drawn(bytes(2, 2, 1), pixels, [4, 1], () => 0).pictures[0]!.at(0, 0)[3]).toBe(0);
  });
});

test('of colours: red, green and blue, and grey for zero', () => {
  const weight: Weight = (i) => (i === 0 ? 1 : i === 4 ? -1 : 0);
  const { pictures, text } = drawn(bytes(1, 2, 3), pixels, [6, 1], weight);
  const [red, green, blue] = pictures[0]!.at(0, 0);
  expect(red).toBe(255);
  expect(green).toBe(blue);
  expect(pictures[0]!.at(0, 1)[1]).toBe(0);
  expect(text).toContain('grey is 0');
});

test('of other channels their sum', () => {
  const { pictures, text } = drawn(bytes(1, 2, 2), pixels, [4, 1], (i) => [1, -1, 1, 1][i]!);
  expect(text).toContain('2 channels are added up');
  expect(pictures[0]!.at(0, 0)[3]).toBe(0);
  expect(pictures[0]!.at(0, 1)[3]).toBe(255);
});

describe('of a table', () => {
  const features: Features = {
    kind: 'floats',
    shape: [2],
    columns: [
      { kind: 'number', name: 'age' },
      { kind: 'category', name: '<i>job', words: ['a', 'b'] },
    ],
  };
  const columns = {
    kind: 'columns',
    columns: [
      { kind: 'number', name: 'age', shift: 0, scale: 1, missing: 0, flagged: true },
      { kind: 'category', name: '<i>job', words: ['a', 'b'] },
    ],
  } as const;

  test('a row for each input, by its name', () => {
    const { pictures, text } = drawn(features, columns, [4, 3], (i, u) => (i === u ? 1 : 0));
    const names = [...text.matchAll(/<th scope="row">([^<]+)</g)].map(([, name]) => name);
    expect(names).toEqual(['age', 'age missing', '&lt;i&gt;job = a', '&lt;i&gt;job = b']);
    const opaque = pictures.map(({ at }) => [0, 1, 2].map((u) => at(0, u)[3]! > 0));
    expect(opaque).toEqual([0, 1, 2, 3].map((i) => [0, 1, 2].map((u) => u === i)));
  });

  test('of many inputs the 40 with the largest weights, in their order', () => {
    const many = Array.from({ length: 50 }, (_, c) => ({
      ...{ kind: 'number', name: `c${c}`, shift: 0, scale: 1 },
    })) as never;
    const { text, pictures } = drawn(features, { kind: 'columns', columns: many }, [50, 2], (i) => i + 1);
    expect(pictures).toHaveLength(40);
    const names = [...text.matchAll(/<th scope="row">([^<]+)</g)].map(([, name]) => name);
    expect(names[0]).toBe('c10');
    expect(names.at(-1)).toBe('c49');
    expect(text).toContain('40 of 50 inputs');
  });
});
