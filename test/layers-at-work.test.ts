import { expect, test } from 'vitest';
import { loadSample } from '#lockstep/layers-at-work.js';
import { kernelSpace } from './support/kernel-space.ts';
import { tinyDataset } from './support/tiny.ts';

test('a sample is distorted as that sample of the data set, wherever it stands in the epoch and the minibatch', () => {
  const space = kernelSpace('wasm', 2000);
  const [x, label] = [space.matrix(4, 9), space.vector(4)];
  const { train } = tinyDataset();
  const set = { samples: train, order: Uint32Array.of(17, 3, 11), count: 3 };
  const calls: [pixels: number[], sample: number, row: number][] = [];
  const distort = (image: Uint8Array, sample: number, row: number) => calls.push([[...image], sample, row]);
  loadSample(space.kernels, set, 2, x, label.offset, 1, distort);
  expect(calls).toEqual([[[...train.images.subarray(99, 108)], 11, 1]]);
  expect(space.elements[label.offset + 1]).toBe(train.labels[11]);
  expect(space.elements[x.offset + x.stride]).toBe(0);
});
