// The contract of augmentations, tested for every file in src/augmentations.
import { describe, expect, test } from 'vitest';
import type { Fields, KindConfig } from '#lockstep/contracts/fields.js';
import { augmentationRoom, planAugmentation } from '#lockstep/engine/augment.js';
import { planeSize } from '#lockstep/kernels/kernels.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { examples, titled } from '../support/examples.ts';
import { backendNames, kernelSpace } from '../support/kernel-space.ts';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

const shape = { height: 11, width: 9 };
const pixels = shape.height * shape.width;
const images = tinyDataset({ ...shape, train: 12 }).train.features as Uint8Array;
const kinds = [...catalogue.augmentation.values()];

/** A configuration that does nothing: all settings that may be zero are zero. */
function idle({ kind, fields }: { kind: string; fields: Fields }): KindConfig {
  const settings = Object.entries(fields).map(([name, field]) => [
    name,
    'minimum' in field && field.minimum === 0 ? 0 : (field as { default: number }).default,
  ]);
  return { kind, ...Object.fromEntries(settings) };
}

/** Functions that give a distorted sample, and the positions that its pixels come from. */
function augmenter(list: readonly KindConfig[], name: (typeof backendNames)[number] = 'wasm', seed = 1) {
  const room = augmentationRoom(list, shape);
  const space = kernelSpace(name, room + 3000);
  const offset = space.room(room);
  const x = space.matrix(1, pixels);
  const run = planAugmentation(list, shape, space.kernels, offset, seed)!;
  const look = (sample: number, epoch = 1) => {
    run(images.subarray(sample * pixels, (sample + 1) * pixels), sample, epoch, x, 0);
    return [...space.elements.subarray(x.offset, x.offset + pixels)];
  };
  /** The displacement of pixel `p` in the present image. */
  const moved = (p: number): [right: number, down: number] => [
    space.elements[offset + p]! - ((p % shape.width) - (shape.width - 1) / 2),
    space.elements[offset + planeSize(shape) + p]! - (Math.floor(p / shape.width) - (shape.height - 1) / 2),
  ];
  return { look, moved };
}

const plain = (sample: number) =>
  [...images.subarray(sample * pixels, (sample + 1) * pixels)].map((pixel) => pixel / 255);

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (name, kind) => {
  test('needs no settings', () => {
    const { augmentation } = tinyExperiment({ model: ['relu'], augmentation: [name] });
    expect(augmentation).toEqual([examples(kind)[0]]);
  });

  test.each(backendNames)('with nothing to do is pixel / 255, bit for bit, on %s kernels', (kernels) => {
    const { look } = augmenter([idle(kind)], kernels);
    const round = kernels === 'wasm' ? Math.fround : (value: number) => value;
    for (let sample = 0; sample < 12; sample++) expect(look(sample)).toEqual(plain(sample).map(round));
  });

  describe.each(examples(kind).map(titled))('%s', (_, config) => {
    test('another sample, epoch, seed or position in the list moves pixels in another way', () => {
      if (JSON.stringify(config) === JSON.stringify(idle(kind))) return;
      const series = (
        list: KindConfig[],
        seed: number,
        name: (i: number) => [sample: number, epoch: number],
      ) => {
        const { look, moved } = augmenter(list, 'wasm', seed);
        const draws = Array.from({ length: 40 }, (_, i) => {
          look(...name(i));
          return moved(0).join();
        });
        return draws.join('; ');
      };
      const all = [
        series([config], 1, (i) => [0, 1 + i]),
        series([config], 1, (i) => [0, 101 + i]),
        series([config], 1, (i) => [1 + (i % 11), 1 + i]),
        series([config], 2, (i) => [0, 1 + i]),
        series([idle(kinds[0]!), config], 1, (i) => [0, 1 + i]),
      ];
      expect(new Set(all).size).toBe(all.length);
    });

    test('a sample has its look whatever was done before, in whatever order, again and again', () => {
      const { look } = augmenter([config, 'shift', config].map(asConfig));
      const expected = Array.from({ length: 12 }, (_, sample) => look(sample, 3));
      const again = augmenter([config, 'shift', config].map(asConfig)).look;
      for (const sample of [5, 0, 11, 5, 7, 1]) {
        again(sample, 4);
        expect(again(sample, 3)).toEqual(expected[sample]);
      }
    });

    test('stays within [0, 1]', () => {
      const { look } = augmenter([config]);
      for (let epoch = 1; epoch < 50; epoch++) {
        for (const value of look(epoch % 12, epoch)) expect(value >= 0 && value <= 1).toBe(true);
      }
    });

    test('moves pixels to no side rather than to the other, within 5 standard deviations', () => {
      // A mirror moves a pixel to one side only, and a pixel in the middle stays.
      const p = Math.floor(pixels / 2) + (name === 'flip' ? 0 : 2);
      const { look, moved } = augmenter([config]);
      for (const side of [0, 1] as const) {
        const draws = Array.from({ length: 2000 }, (_, epoch) => {
          look(0, epoch);
          return moved(p)[side];
        });
        const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
        const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
        // A rotation moves a point on an axis nearer to the centre, by half the square of the angle.
        const systematic = name === 'affine' ? 3 : 0;
        expect(Math.abs(mean)).toBeLessThanOrEqual(5 * Math.sqrt(variance / draws.length) + systematic);
      }
    });
  });
});

test('the first of a list is done to the image first: a shifted image is mirrored', () => {
  const always = { kind: 'flip', probability: 1 };
  const mirrored = (image: number[]) =>
    image.map((_, i) => image[i - 2 * (i % shape.width) + shape.width - 1]!);
  const [shifted, both] = [augmenter(['shift'].map(asConfig)), augmenter([asConfig('shift'), always])];
  for (let epoch = 1; epoch < 20; epoch++) {
    expect(both.look(0, epoch)).toEqual(mirrored(shifted.look(0, epoch)));
  }
});

test('colours move together: each channel looks as it does alone', () => {
  const list = ['affine', 'elastic', 'flip'].map(asConfig);
  const channels = 3;
  const room = augmentationRoom(list, shape);
  const space = kernelSpace('wasm', room + 6000);
  const offset = space.room(room);
  const x = space.matrix(1, channels * pixels);
  const run = planAugmentation(list, { ...shape, channels }, space.kernels, offset, 1)!;
  const { look } = augmenter(list);
  // Channel c of the picture is image c of the data set.
  const picture = Uint8Array.from({ length: channels * pixels }, (_, i) => {
    return images[(i % channels) * pixels + Math.floor(i / channels)]!;
  });
  for (let epoch = 1; epoch < 10; epoch++) {
    run(picture, 0, epoch, x, 0);
    const found = [...space.elements.subarray(x.offset, x.offset + channels * pixels)];
    expect(found.filter((_, i) => i % channels === 0)).toEqual(look(0, epoch));
  }
});

test('elastic distortion moves pixels by about 0.163 alpha / sigma, within 5 %', () => {
  // The image is much larger than sigma: in a small image the repeated noise adds up.
  const { look, moved } = augmenter([{ kind: 'elastic', alpha: 8, sigma: 1.5 }]);
  let squares = 0;
  for (let epoch = 1; epoch <= 400; epoch++) {
    look(0, epoch);
    for (let p = 0; p < pixels; p++) for (const move of moved(p)) squares += move * move;
  }
  const found = Math.sqrt(squares / (400 * pixels * 2));
  expect(Math.abs(found / ((0.163 * 8) / 1.5) - 1)).toBeLessThan(0.05);
});

const asConfig = (value: string | KindConfig): KindConfig =>
  typeof value === 'string' ? examples(catalogue.augmentation.get(value)!)[0]! : value;
