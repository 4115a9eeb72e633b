// The bits of networks of convolutions: a golden training (scripts/golden-experiments.mjs), and one digest
// for any number of threads.
import { describe, expect, test } from 'vitest';
import { stateDigest } from '#lockstep/model/weights.js';
import type { Executor } from '#lockstep/parallel/executor.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import {
  committedGolden,
  goldenTaskRun,
  goldenTasks,
  resolve,
  runToEnd,
  type Settings,
  syntheticDataset,
} from '../scripts/golden.mjs';

describe('a golden training', () => {
  const { settings, dataset } = goldenTasks.convolution;
  const committed = committedGolden().convolution;

  test('digests, figures and end are as committed (before a change see scripts/golden.mjs)', async () => {
    expect(await goldenTaskRun(settings, dataset(), inline())).toStrictEqual(committed);
  });

  test.each([1, 2, 3, 8])('%i threads give the committed ones', async (count) => {
    expect(await goldenTaskRun(settings, dataset(), threads(count))).toStrictEqual(committed);
  });

  test.each<[string, Settings]>([
    ['seed', { seed: 28 }],
    ['kernels', { kernels: 'reference', epochs: 1 }],
    ['limit of the gradient', { optimizer: { ...(settings.optimizer as Settings), clipNorm: 0.01 } }],
  ])('another %s gives another digest', async (_, change) => {
    const { end } = await runToEnd(resolve({ ...settings, ...change }), dataset(), inline());
    expect(end.weightsSha256).not.toBe(committed.weightsSha256);
  });
});

const usual = {
  seed: 1,
  data: { validation: 50 },
  optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 },
  batchSize: 64,
  epochs: 1,
};
const conv = (channels: number, kernel: number, settings = {}) => ({
  ...{ kind: 'conv', channels, kernel },
  ...settings,
});
const dense = (units: number | string) => ({ kind: 'dense', units });
const block = (channels: number, stride: number) => ({
  kind: 'residual',
  layers: [
    conv(channels, 3, { padding: 1, stride, bias: false }),
    'batch-norm',
    'relu',
    conv(channels, 3, { padding: 1, bias: false }),
    'batch-norm',
  ],
  shortcut: stride === 1 ? [] : [conv(channels, 1, { stride })],
});

describe.each<[string, (object | string)[]]>([
  [
    'LeNet',
    [
      ...[conv(6, 5, { padding: 2 }), 'relu', 'max-pool', conv(16, 5), 'relu', 'max-pool'],
      ...[dense(120), 'relu', dense(84), 'relu', dense('classes')],
    ],
  ],
  [
    'a residual network with batch-norm',
    [
      ...[conv(8, 3, { padding: 'same' }), 'batch-norm', 'relu', block(8, 1), 'relu', block(12, 2), 'relu'],
      ...['global-average-pool', dense('classes')],
    ],
  ],
])('%s', (_, model) => {
  test('one digest inline and for 1 to 16 threads', async () => {
    const dataset = syntheticDataset({ height: 14, width: 14, train: 370, test: 20 });
    const experiment = resolve({ ...usual, model });
    const bits = async (executor: Executor) => {
      const { end, epochs } = await runToEnd(experiment, dataset, executor);
      const { weightsSha256, weights, state, test } = end;
      return { weightsSha256, all: stateDigest(weights, state), test, epochs };
    };
    const expected = await bits(inline());
    for (const count of [1, 2, 3, 5, 8, 16]) {
      expect(await bits(threads(count)), `${count} threads`).toStrictEqual(expected);
    }
  });
});
