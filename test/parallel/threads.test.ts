import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Executor } from '#lockstep/parallel/executor.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import { train } from '#lockstep/training/train.js';
import { resolve, runToEnd, type Settings, syntheticDataset } from '../../scripts/golden.mjs';
import { digests } from '../support/digests.ts';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

const dense = (units: number | 'classes') => ({ kind: 'dense', units });

const dataset = syntheticDataset({ train: 503, test: 97 });

const experiments: Record<string, Settings> = {
  'narrow layers, a last minibatch of 3 rows': {
    data: { validation: 56 },
    model: [dense(17), 'leaky-relu', dense(5), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.001 },
    schedule: { kind: 'cosine', warmup: 1 },
    batchSize: 37,
    epochs: 3,
  },
  'wide layers of several blocks, sums that are cut': {
    data: { validation: 33, monitor: 'test' },
    model: [dense(131), 'relu', dense(97), 'leaky-relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
    batchSize: 300,
    epochs: 4,
  },
  'layers that skip the zeros of rectifiers, over sums that are cut': {
    data: { validation: 33 },
    model: [
      dense(97),
      'relu',
      'dropout',
      dense(128),
      'relu',
      dense(64),
      'batch-norm',
      'relu',
      dense('classes'),
    ],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, clipNorm: 1 },
    batchSize: 300,
    epochs: 4,
  },
  'minibatches of 3 rows, without validation': {
    data: { validation: 0 },
    model: [dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.02 },
    schedule: { kind: 'step', every: 1, factor: 0.5 },
    batchSize: 3,
    epochs: 2,
  },
  'a gradient clipped by its norm, over sums that are cut': {
    data: { validation: 56 },
    model: [dense(131), 'relu', 'batch-norm', dense(97), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.5, momentum: 0.9, weightDecay: 0.001, clipNorm: 0.3 },
    batchSize: 300,
    epochs: 4,
  },
  'statistics of the minibatch, a last one of a single row': {
    data: { validation: 52 },
    model: ['batch-norm', dense(37), 'batch-norm', 'relu', dense(5), 'batch-norm', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 },
    batchSize: 45,
    epochs: 3,
  },
  'statistics over sums that are cut': {
    data: { validation: 33 },
    model: [dense(37), 'batch-norm', 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    batchSize: 300,
    epochs: 2,
  },
  'smooth activations, and masks that are drawn': {
    data: { validation: 56 },
    model: [
      dense(37),
      'gelu',
      { kind: 'dropout', rate: 0.2 },
      dense(19),
      'tanh',
      'dropout',
      dense('classes'),
    ],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
    batchSize: 37,
    epochs: 3,
  },
  'two layers of different widths that read the images': {
    data: { validation: 56 },
    model: [
      { kind: 'residual', layers: [dense(37), 'relu', dense(70)], shortcut: [dense(70)] },
      'relu',
      dense('classes'),
    ],
    optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.5 },
    batchSize: 300,
    epochs: 3,
  },
  'images that are distorted anew in each epoch': {
    data: { validation: 56 },
    augmentation: [
      { kind: 'shift', pixels: 1 },
      { kind: 'affine', scale: 0.05 },
      { kind: 'elastic', sigma: 3 },
    ],
    model: [dense(37), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
    batchSize: 37,
    epochs: 3,
  },
  'images that are distorted, float64 kernels': {
    data: { validation: 303 },
    augmentation: ['flip', 'affine', { kind: 'elastic', alpha: 4, sigma: 1.5 }],
    model: [dense(19), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
    batchSize: 33,
    epochs: 3,
    kernels: 'reference',
  },
  'float64 kernels': {
    data: { validation: 303 },
    model: [dense(19), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
    batchSize: 33,
    epochs: 2,
    kernels: 'reference',
  },
};

describe.each(Object.entries(experiments))('%s', (_, settings) => {
  const experiment = resolve(settings);
  const alone = runToEnd(experiment, dataset, inline());
  const expected = alone.then(digests);

  test('is learnt at all', async () => {
    const { epochs, end } = await alone;
    expect(epochs).toHaveLength(experiment.epochs!);
    expect(epochs.at(-1)!.train.loss).toBeLessThan(epochs[0]!.train.loss);
    expect(end.weights.some(({ values }) => values.some((value) => value !== 0))).toBe(true);
  });

  // Also more threads than a minibatch has rows. Some of them then only wait at barriers.
  test.each([1, 2, 5, 16])('%i threads: every figure and every weight as inline', async (count) => {
    expect(digests(await runToEnd(experiment, dataset, threads(count)))).toStrictEqual(await expected);
  });
});

test('a executor that chooses how many take part has the same bits', async () => {
  const experiment = resolve({ ...Object.values(experiments)[0], epochs: 12, evaluateEvery: { steps: 40 } });
  const expected = await runToEnd(experiment, dataset, inline());
  const chosen = await runToEnd(experiment, dataset, threads(4, { choose: true }));
  expect(digests(chosen)).toStrictEqual(digests(expected));
});

test('threads that start before the task is known have the same bits, and the next ones too', async () => {
  const experiment = resolve(Object.values(experiments)[0]!);
  const expected = digests(await runToEnd(experiment, dataset, inline()));
  const executor = threads(3);
  executor.prepare!();
  expect(digests(await runToEnd(experiment, dataset, executor))).toStrictEqual(expected);
  expect(digests(await runToEnd(experiment, dataset, executor))).toStrictEqual(expected);
});

test('threads that start and are never asked to work keep no process alive', async () => {
  const executor = import.meta.resolve('#lockstep/parallel/threads.js');
  const program = `import { threads } from ${JSON.stringify(executor)};
threads(2).prepare();
console.log('ready');`;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
  expect(stdout).toBe('ready\n');
});

// An augmentation that changes nothing: the same images are then read as numbers.
test.each([
  { batchSize: 40, images: 'of one sum' },
  { batchSize: 600, images: 'of a few sums' },
  { batchSize: 'full', images: 'of many sums, whose pixels are listed in parts' },
])('images from lists give the bits of their numbers: minibatches $images', async ({ batchSize }) => {
  const dataset = tinyDataset({ height: 20, width: 15, train: 1300 });
  const digest = async (executor: Executor, augmentation: object[]) => {
    const experiment = tinyExperiment({
      model: [{ kind: 'dense', units: 40 }, 'relu', { kind: 'dense', units: 'classes' }],
      batchSize,
      augmentation,
      epochs: 2,
    });
    for await (const event of train(experiment, { dataset, executor })) {
      if (event.kind === 'end') return event.weightsSha256;
    }
    throw new Error('the training did not end');
  };
  const numbers = await digest(inline(), [{ kind: 'shift', pixels: 0 }]);
  for (const executor of [inline(), threads(1), threads(2), threads(5)])
    expect(await digest(executor, [])).toBe(numbers);
});
