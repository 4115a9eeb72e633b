import { expect, test } from 'vitest';
import { samplesAt } from '#lockstep/data/sample-set.js';
import { type LoadSample, loaderOf, loadSamples, loadTargets } from '#lockstep/engine/gather.js';
import { kernelSpace } from '../support/kernel-space.ts';
import { tinyDataset } from '../support/tiny.ts';

const { train, features } = tinyDataset();
const unit = { mean: [0], deviation: [1] };
const nowhere = { offset: 0, columns: 0, stride: 0 };
const set = { samples: train, order: Uint32Array.of(17, 3, 11, 5), count: 4, packed: undefined };
const imageOf = (sample: number) => train.features.subarray(sample * 9, (sample + 1) * 9);

test('a sample is loaded as that of the data set, wherever it stands in the epoch and the minibatch', () => {
  const space = kernelSpace('wasm', 2000);
  const [x, label] = [space.matrix(4, 9), space.vector(4)];
  const calls: [pixels: number[], sample: number, row: number][] = [];
  const rows = { first: 1, count: 2 };
  const load: LoadSample = (all, sample, to, row) => {
    expect(all).toBe(train.features);
    expect(to).toBe(x);
    calls.push([[...imageOf(sample)], sample, row]);
  };
  loadSamples(set, 1, rows, load, x);
  loadTargets(space.kernels, set, 1, rows, { label, target: nowhere }, unit);
  expect(calls).toEqual([
    [[...imageOf(11)], 11, 1],
    [[...imageOf(5)], 5, 2],
  ]);
  expect([1, 2].map((row) => space.elements[label.offset + row])).toEqual([
    train.targets[11],
    train.targets[5],
  ]);
});

test('without distortion x holds the numbers', () => {
  const space = kernelSpace('wasm', 2000);
  const x = space.matrix(4, 9);
  const load = loaderOf({ features, preparation: { kind: 'pixels' } }, space.kernels);
  loadSamples(set, 0, { first: 0, count: 4 }, load, x);
  const numbers = Array.from(imageOf(3), (pixel) => Math.fround(pixel / 255));
  expect([...space.elements.subarray(x.offset + x.stride, x.offset + x.stride + 9)]).toEqual(numbers);
});

test('samples are those of an order, or the data set as it comes', () => {
  expect([...samplesAt(set, 1, 2)]).toEqual([3, 11]);
  expect([
    ...samplesAt({ samples: train, order: undefined, count: train.count, packed: undefined }, 5, 3),
  ]).toEqual([5, 6, 7]);
});
