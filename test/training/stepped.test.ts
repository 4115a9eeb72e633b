// A training that is driven step by step, forward and back, comes to the bits of `train`.
import { expect, test } from 'vitest';
import type { Experiment } from '#lockstep/experiment/experiment.js';
import { inline } from '#lockstep/parallel/inline.js';
import { stepped } from '#lockstep/training/stepped.js';
import { resolve, runToEnd, type Settings, syntheticDataset } from '../../scripts/golden.mjs';

const dataset = syntheticDataset({ train: 203, test: 17 });
const settings: Settings = {
  data: { validation: 40 },
  model: [
    { kind: 'dense', units: 17 },
    'batch-norm',
    'relu',
    { kind: 'dropout', rate: 0.2 },
    { kind: 'dense', units: 'classes' },
  ],
  optimizer: { kind: 'adam', learningRate: 0.01 },
  // It follows the figures, so those have to be taken where `train` takes them.
  schedule: { kind: 'reduce-on-plateau', patience: 0, threshold: 0.9 },
  batchSize: 16,
  epochs: 4,
};
const start = (experiment: Experiment) => stepped(experiment, { dataset, executor: inline() });

test('one by one, in leaps, and back and forth, it comes to the same weights and figures', async () => {
  const experiment = resolve(settings);
  const { end } = await runToEnd(experiment, dataset, inline());
  const training = await start(experiment);
  const { steps } = training.plan;
  const digests = [training.weightsSha256()];
  const moments = [training.capture()];
  while (training.steps < steps) {
    await training.advance(training.steps + 1);
    digests.push(training.weightsSha256());
    moments.push(training.capture());
  }
  expect(digests.at(-1)).toBe(end.weightsSha256);
  expect(training.history).toEqual(end.history);
  expect(new Set(digests).size).toBe(steps + 1);
  // Back into another epoch, and forward by another way.
  for (const [from, to] of [
    [3, 25],
    [0, 12],
    [30, steps],
  ] as const) {
    training.restore(moments[from]!);
    expect(training.steps).toBe(from);
    expect(training.weightsSha256()).toBe(digests[from]);
    await training.advance(to);
    expect(training.weightsSha256()).toBe(digests[to]);
  }
  expect(training.history).toEqual(end.history);
  // There is nothing beyond the last step.
  await training.advance(steps + 5);
  expect(training.steps).toBe(steps);
  await training.end();
});

test('the loss is the mean since figures were taken', async () => {
  const training = await start(resolve(settings));
  expect(training.loss).toBeNaN();
  const { stepsPerEpoch } = training.plan;
  await training.advance(stepsPerEpoch - 1);
  expect(training.loss).toBeGreaterThan(0);
  await training.advance(stepsPerEpoch);
  expect(training.loss).toBeNaN();
  expect(training.history).toHaveLength(1);
  await training.end();
});

test('after a training has diverged, a moment leads back', async () => {
  const model = [
    { kind: 'dense', units: 9 },
    { kind: 'dense', units: 'classes' },
  ];
  const wild = { ...settings, model, optimizer: { kind: 'sgd', learningRate: 1e30 }, schedule: 'constant' };
  const training = await start(resolve(wild));
  const [before, first] = [training.weightsSha256(), training.capture()];
  await expect(training.advance(20)).rejects.toThrow('the training diverged in epoch 1');
  training.restore(first);
  expect(training.weightsSha256()).toBe(before);
  await training.end();
});

test('it has no early end', async () => {
  const early = resolve({ ...settings, schedule: 'constant', earlyStopping: {} });
  await expect(start(early)).rejects.toThrow('earlyStopping: expected no early stopping');
});
