import { describe, expect, test } from 'vitest';
import type { Dataset } from '#lockstep/data/dataset.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import {
  committedGolden,
  goldenExperiments,
  goldenRun,
  resolve,
  runToEnd,
  type Settings,
  syntheticDataset,
} from '../scripts/golden.mjs';

const names = ['momentum', 'reference', 'rectified'] as const;

/** The experiment with some replaced settings. */
function but(settings: Settings, changes: Settings): Settings {
  return { ...settings, ...changes };
}

/** The data with one replaced byte. Nothing else is copied. */
function withByte(dataset: Dataset, part: 'features' | 'targets', index: number, value: number): Dataset {
  const bytes = new Uint8Array(new SharedArrayBuffer(dataset.train[part].length));
  bytes.set(dataset.train[part]);
  expect(bytes[index]).not.toBe(value);
  bytes[index] = value;
  return { ...dataset, train: { ...dataset.train, [part]: bytes } };
}

describe.each(names)('%s', (name) => {
  const settings = goldenExperiments[name];
  const committed = committedGolden()[name];
  const dataset = syntheticDataset();
  const digest = async (changed: Settings, data = dataset) =>
    (await runToEnd(resolve(changed), data, inline())).end.weightsSha256;

  test('digest and figures are as committed (see scripts/golden.mjs before you change them)', async () => {
    expect(await goldenRun(settings, dataset, inline())).toStrictEqual(committed);
  });

  test.each([1, 2, 3, 5])('%i threads give the committed ones', async (count) => {
    expect(await goldenRun(settings, dataset, threads(count))).toStrictEqual(committed);
  });

  const optimizer = settings.optimizer as Settings;
  test.each<[string, Settings]>([
    ['seed', { seed: 13 }],
    ['epochs', { epochs: (settings.epochs as number) + 1 }],
    ['learning rate', { optimizer: { ...optimizer, learningRate: 0.0501 } }],
    ['batch size', { batchSize: (settings.batchSize as number) - 1 }],
    ['validation split', { data: { validation: 51 } }],
    ['schedule', { schedule: 'constant' }],
    ['weight decay', { optimizer: { ...optimizer, weightDecay: 0.0006 } }],
    ['limit of the gradient', { optimizer: { ...optimizer, clipNorm: 0.01 } }],
    ['kernels', { kernels: name === 'reference' ? 'wasm' : 'reference' }],
  ])('another %s gives another digest', async (_, change) => {
    expect(await digest(but(settings, change))).not.toBe(committed.weightsSha256);
  });

  test.each<[string, Settings]>([
    ['name', { name: 'other' }],
    ['description', { description: 'other' }],
    ['number of threads asked for', { execution: { threads: 3 } }],
    ['set that is monitored', { data: { validation: 50, monitor: 'test' } }],
  ])('another %s gives the same digest', async (_, change) => {
    expect(await digest(but(settings, change))).toBe(committed.weightsSha256);
  });

  test('one pixel less bright, or one other label, gives another digest, wherever it is', async () => {
    // No image is held out here, because the training does not learn from held-out images.
    const whole = but(settings, { data: { validation: 0 } });
    const before = await digest(whole);
    const { features: images, targets: labels, count } = dataset.train;
    expect(dataset.targets).toEqual({ kind: 'classes', count: 7 });
    const pixels = images.length / count;
    for (const sample of [0, 299, count - 1]) {
      // The brightest pixel lies where the network looks.
      const image = images.subarray(sample * pixels, (sample + 1) * pixels) as Uint8Array;
      const index = sample * pixels + image.indexOf(Math.max(...image));
      expect(await digest(whole, withByte(dataset, 'features', index, images[index]! - 1))).not.toBe(before);
      const label = (labels[sample]! + 1) % 7;
      expect(await digest(whole, withByte(dataset, 'targets', sample, label))).not.toBe(before);
    }
  });

  test('the test set does not reach the weights', async () => {
    const other: Dataset = { ...dataset, test: syntheticDataset({ train: 1, test: 40 }).test };
    expect(await digest(settings, other)).toBe(committed.weightsSha256);
  });
});
