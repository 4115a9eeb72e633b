import { expect, test } from 'vitest';
import { imageLoader, loadSamples } from '#lockstep/layers-at-work.js';
import { kernelSpace } from './support/kernel-space.ts';
import { tinyDataset } from './support/tiny.ts';

const { train } = tinyDataset();
const set = { samples: train, order: Uint32Array.of(17, 3, 11, 5), count: 4 };
const imageOf = (sample: number) => train.images.subarray(sample * 9, (sample + 1) * 9);

test('an image is loaded as that sample of the data set, wherever it stands in the epoch and the minibatch', () => {
  const space = kernelSpace('wasm', 2000);
  const [x, label] = [space.matrix(4, 9), space.vector(4)];
  const calls: [pixels: number[], sample: number, row: number][] = [];
  loadSamples(
    space.kernels,
    set,
    1,
    { first: 1, count: 2 },
    (image, to, row, sample) => {
      expect(to).toBe(x);
      calls.push([[...image], sample, row]);
    },
    x,
    label,
  );
  expect(calls).toEqual([
    [[...imageOf(11)], 11, 1],
    [[...imageOf(5)], 5, 2],
  ]);
  expect([1, 2].map((row) => space.elements[label.offset + row])).toEqual([
    train.labels[11],
    train.labels[5],
  ]);
});

test('without distortion x holds the numbers, or the pixels one row after the other in whole cache lines', () => {
  const space = kernelSpace('wasm', 2000);
  const [x, label] = [space.matrix(4, 9), space.vector(4)];
  const rows = { first: 0, count: 4 };
  loadSamples(space.kernels, set, 0, rows, imageLoader(space.kernels, false), x, label);
  const numbers = Array.from(imageOf(3), (pixel) => Math.fround(pixel / 255));
  expect([...space.elements.subarray(x.offset + x.stride, x.offset + x.stride + 9)]).toEqual(numbers);

  const y = space.matrix(4, 9);
  loadSamples(space.kernels, set, 0, rows, imageLoader(space.kernels, true), y, label);
  const bytes = new Uint8Array(space.elements.buffer, y.offset * 4);
  expect([...bytes.subarray(64, 73)]).toEqual([...imageOf(3)]);
});
