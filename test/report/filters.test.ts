// The filters of the first convolution as pictures, and which weights are the first.
import { describe, expect, test } from 'vitest';
import type { Features } from '#lockstep/data/dataset.js';
import { planNetwork } from '#lockstep/model/network.js';
import { filterSection } from '#lockstep/report/page/filters.js';
import { firstWeightsOf, firstWeightsSection } from '#lockstep/report/page/first-weights.js';
import { picturesIn, signedAt } from '../support/pictures.ts';
import { tinyExperiment } from '../support/tiny.ts';

type Shape = readonly [tall: number, wide: number, inputs: number, channels: number];
type Weight = (y: number, x: number, input: number, channel: number) => number;

const bytes = (channels: number): Features => ({ kind: 'bytes', shape: [9, 9, channels] });

function tensorOf(shape: Shape, weight: Weight) {
  const [, wide, inputs, channels] = shape;
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => {
    const place = Math.floor(i / channels / inputs);
    return weight(Math.floor(place / wide), place % wide, Math.floor(i / channels) % inputs, i % channels);
  });
  return { id: 'model.0.W', shape, values };
}

/** The section of a layer over a picture of so many channels. */
function drawn(picture: number, shape: Shape, weight: Weight) {
  const { text } = filterSection({ features: bytes(picture) }, tensorOf(shape, weight));
  const titles = [...text.matchAll(/title="([^"]+)"/g)].map(([, title]) => title!);
  return { text: text.replaceAll(/\s+/g, ' '), titles, pictures: picturesIn(text) };
}

describe('of grey pictures', () => {
  test('one picture for each channel, each weight at its place in the window', () => {
    // Channel 1 looks at line 2, column 0; channel 0 at the opposite of line 0, column 1.
    const weight: Weight = (y, x, _, o) => {
      if (o === 1) return y === 2 && x === 0 ? 1 : 0;
      return y === 0 && x === 1 ? -1 : 0;
    };
    const { pictures, titles, text } = drawn(1, [3, 2, 1, 2], weight);
    expect(titles).toEqual(['channel 0', 'channel 1']);
    expect(text).toContain('One picture of 3 × 2 weights for each channel, all 2 channels');
    for (const [channel, picture] of pictures.entries()) {
      expect(picture.size).toEqual([3, 2]);
      for (const y of [0, 1, 2]) {
        for (const x of [0, 1]) {
          expect(Math.round(signedAt(picture, y, x)) || 0).toBe(weight(y, x, 0, channel));
        }
      }
    }
  });

  test('of many channels the first 64', () => {
    const { pictures, text } = drawn(1, [1, 1, 1, 100], () => 1);
    expect(pictures).toHaveLength(64);
    expect(text).toContain('the first 64 of 100 channels');
  });

  test('large windows are made smaller by means', () => {
    const { pictures, text } = drawn(1, [73, 4, 1, 1], () => 0.5);
    expect(pictures[0]!.size).toEqual([25, 2]);
    expect(text).toContain('mean over 3 × 3 weights');
    expect(text).toContain('0.5 or more');
  });
});

test('of colours one picture for each channel: red, green and blue, and grey for zero', () => {
  const weight: Weight = (_, x, input) => (x === 0 && input === 0 ? 1 : x === 1 && input === 1 ? -1 : 0);
  const { pictures, text } = drawn(3, [1, 2, 3, 5], weight);
  expect(pictures).toHaveLength(5);
  const [red, green, blue] = pictures[4]!.at(0, 0);
  expect(red).toBe(255);
  expect(green).toBe(blue);
  expect(pictures[4]!.at(0, 1)[1]).toBe(0);
  expect(text).toContain('grey is 0');
});

describe('of other channels', () => {
  test('a picture for each input channel and each channel', () => {
    const { pictures, text } = drawn(2, [1, 1, 2, 3], (_y, _x, input, o) =>
      input === 1 && o === 2 ? -1 : 0,
    );
    expect(pictures.map((picture) => signedAt(picture, 0, 0) || 0)).toEqual([0, 0, 0, 0, 0, -1]);
    expect([...text.matchAll(/<h3>([^<]+)/g)].map(([, title]) => title)).toEqual([
      'Channel 0 of the picture',
      'Channel 1 of the picture',
    ]);
    expect(drawn(4, [1, 1, 4, 100], () => 1).pictures, '64 in all').toHaveLength(64);
  });

  test('of many input channels their sum', () => {
    const { pictures, text } = drawn(6, [1, 1, 6, 2], (_y, _x, input, o) =>
      o === 0 ? 1 : input < 3 ? 1 : -1,
    );
    expect(pictures.map((picture) => signedAt(picture, 0, 0) || 0)).toEqual([1, 0]);
    expect(text).toContain('The weights of the 6 channels that it sees are added up.');
  });

  test('in groups it is told what each channel sees', () => {
    const { titles, text } = drawn(3, [2, 2, 1, 6], () => 1);
    expect(text).toContain(
      'one of the 3 channels of the picture: the first 2 see red, the next 2 green, and so on.',
    );
    expect(titles).toEqual(
      ['red', 'red', 'green', 'green', 'blue', 'blue'].map((name, o) => `channel ${o}, sees ${name}`),
    );
    const grouped = drawn(6, [1, 1, 3, 2], () => 1);
    expect(grouped.text).toContain('one of 2 groups of 3 channels of the picture: the first sees group 0,');
    expect(grouped.text, 'three channels of six are no colours').not.toContain('red');
    expect(grouped.titles.slice(0, 2)).toEqual(['channel 0, sees group 0', 'channel 1, sees group 1']);
  });
});

describe('the first weights', () => {
  const dense = { kind: 'dense', units: 'classes' };
  const firstOf = (model: object[], channels = 3) => {
    const shape = { height: 9, width: 9, channels };
    const pictures = { outputs: 3, task: 'classes', packable: true, inputs: 81 * channels, shape } as const;
    const network = planNetwork(tinyExperiment({ model }).model, pictures);
    const first = firstWeightsOf(network);
    return first === undefined ? undefined : network.parameters[first]!.id;
  };

  test('are those of the layer that weighs the picture as it is', () => {
    const conv = { kind: 'conv', channels: 6, kernel: 3 };
    expect(firstOf([dense])).toBe('model.0.W');
    expect(firstOf([conv, dense])).toBe('model.0.W');
    expect(firstOf([{ ...conv, groups: 3, padding: 'same', stride: 2 }, dense])).toBe('model.0.W');
    expect(firstOf([{ kind: 'batch-norm' }, conv, dense]), 'scaled only').toBe('model.1.W');
    expect(firstOf([{ kind: 'residual', layers: [conv], shortcut: [conv] }, dense])).toBe(
      'model.0.layers.0.W',
    );
    expect(firstOf([{ kind: 'max-pool' }, conv, dense])).toBeUndefined();
    expect(firstOf([{ kind: 'global-average-pool' }, dense])).toBeUndefined();
  });

  test('become units or filters, as they have two sides or four', () => {
    const targets = { kind: 'classes', count: 3 } as const;
    const unit = { mean: [0], deviation: [1] };
    const signature = { features: bytes(1), targets, preparation: { kind: 'pixels' }, unit } as const;
    const headOf = (shape: readonly number[]) => {
      const values = new Float32Array(shape.reduce((a, b) => a * b));
      return /<h2>([^<]+)/.exec(firstWeightsSection(signature, { shape, values }).text)![1];
    };
    expect(headOf([81, 4])).toBe('Weights of the first layer');
    expect(headOf([3, 3, 1, 4])).toBe('Filters of the first convolution');
  });
});
