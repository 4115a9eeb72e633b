// The length of a training, the times of its figures, its early end, and its final weights.
import { describe, expect, test } from 'vitest';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import { resolve, runToEnd, type Settings, syntheticDataset } from '../../scripts/golden.mjs';
import { digests } from '../support/digests.ts';

const dataset = syntheticDataset({ train: 130, test: 40 });

/** 100 training images, 30 for validation; minibatches of 16 make 7 steps an epoch. */
const base: Settings = {
  data: { validation: 30 },
  model: [{ kind: 'dense', units: 9 }, 'batch-norm', 'relu', { kind: 'dense', units: 'classes' }],
  optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
  batchSize: 16,
  epochs: 5,
};

const run = (settings: Settings, executor = inline()) =>
  runToEnd(resolve({ ...base, ...settings }), dataset, executor);

/** Steps at which figures were taken. Those with validation are marked. */
const reports = async (settings: Settings) =>
  (await run(settings)).epochs.map(({ step, validation }) => (validation ? `${step}v` : String(step)));

describe('figures are taken', () => {
  test('after each epoch', async () => {
    expect(await reports({})).toEqual(['7v', '14v', '21v', '28v', '35v']);
  });

  test('every second epoch and at the end, training figures after each', async () => {
    expect(await reports({ evaluateEvery: { epochs: 2 } })).toEqual(['7', '14v', '21', '28v', '35v']);
  });

  test('every ten steps and at the end, over the ends of epochs', async () => {
    expect(await reports({ evaluateEvery: { steps: 10 } })).toEqual(['10v', '20v', '30v', '35v']);
  });

  test('at the end of a budget in steps, within an epoch', async () => {
    expect(await reports({ epochs: undefined, steps: 16 })).toEqual(['7v', '14v', '16v']);
  });

  test('over all samples since the last time', async () => {
    const { epochs } = await run({ evaluateEvery: { steps: 35 } });
    const whole = (await run({})).epochs;
    const mean = whole.reduce((sum, { train }) => sum + train.loss, 0) / 5;
    expect(epochs).toHaveLength(1);
    expect(epochs[0]!.train.loss).toBeCloseTo(mean, 12);
  });
});

describe('the weights do not depend on when figures are taken', () => {
  test.each([{ epochs: 3 }, { steps: 1 }, { steps: 10 }])('%o', async (evaluateEvery) => {
    const { end } = await run({ evaluateEvery });
    expect(end.weightsSha256).toBe((await run({})).end.weightsSha256);
  });
});

test('a budget of 16 steps stops there: the schedule knows it', async () => {
  const { end, epochs } = await run({ epochs: undefined, steps: 16, schedule: 'cosine' });
  expect(end).toMatchObject({ steps: 16, epochs: 2, stopped: false });
  expect(epochs.at(-1)!.learningRate).toBeLessThan(0.01);
  expect(epochs.at(-1)!.epoch).toBe(16 / 7);
});

test('a full batch makes one step an epoch', async () => {
  expect(await reports({ batchSize: 'full' })).toEqual(['1v', '2v', '3v', '4v', '5v']);
  const full = await run({ batchSize: 'full' });
  expect(full.end.weightsSha256).toBe((await run({ batchSize: 100 })).end.weightsSha256);
});

test('a single sample a step', async () => {
  // Batch normalisation would refuse it.
  const model = [{ kind: 'dense', units: 9 }, 'relu', { kind: 'dense', units: 'classes' }];
  const { end } = await run({ model, batchSize: 1, epochs: undefined, steps: 25 });
  expect(end.steps).toBe(25);
});

test('fewer training images, the same validation split', async () => {
  const few = await run({ data: { validation: 30, training: 20 } });
  expect(few.end.steps).toBe(10);
  expect(few.epochs[0]!.validation).not.toEqual((await run({})).epochs[0]!.validation);
  const all = await run({ data: { validation: 30, training: 1000 } });
  expect(all.end.weightsSha256).toBe((await run({})).end.weightsSha256);
});

describe('early stopping', () => {
  // The learning rate is far too high, so the validation loss is best at some epoch in the middle.
  const wild = {
    optimizer: { kind: 'sgd', learningRate: 0.6, momentum: 0.9 },
    epochs: 30,
  };
  const earlyStopping = { metric: 'loss', patience: 4 };

  test('ends the training after so many evaluations without progress', async () => {
    const { epochs, end } = await run({ ...wild, earlyStopping });
    const losses = epochs.map(({ validation }) => validation!.loss);
    const best = losses.indexOf(Math.min(...losses));
    expect(end).toMatchObject({ stoppedEarly: true, stopped: false });
    expect(losses).toHaveLength(best + 1 + 4);
    expect(end.best!.epoch).toBe(best + 1);
    expect(end.best!.epoch).toBeGreaterThan(1);
  });

  test('ends with the best weights and statistics: those of a training of so many epochs', async () => {
    const { end } = await run({ ...wild, earlyStopping });
    const { end: short } = await run({ ...wild, schedule: 'constant', epochs: end.best!.epoch });
    expect(end.weightsSha256).toBe(short.weightsSha256);
    expect(end.state).toEqual(short.state);
    expect(end.test).toEqual(short.test);
    expect(end.last.weights).not.toEqual(end.weights);
  });

  test('ends with them also when the last epoch is reached', async () => {
    const patient = { metric: 'loss', patience: 100 };
    const { end } = await run({ ...wild, earlyStopping: patient });
    const { end: early } = await run({ ...wild, earlyStopping });
    expect(end).toMatchObject({ stoppedEarly: false, stopped: false, steps: 210 });
    expect(end.best!.epoch).toBeGreaterThanOrEqual(early.best!.epoch);
    expect(end.weights).toEqual(end.best!.weights);
  });

  test('without it the last weights count, and the best are known', async () => {
    const { end } = await run(wild);
    expect(end.weights).toEqual(end.last.weights);
    expect(end.best!.weights).not.toEqual(end.last.weights);
    expect(end.stoppedEarly).toBe(false);
  });

  test.each([1, 2, 3, 5])('%i threads end at the same time with the same bits', async (count) => {
    const settings = { ...wild, earlyStopping, evaluateEvery: { steps: 5 } };
    expect(digests(await run(settings, threads(count)))).toStrictEqual(digests(await run(settings)));
  });
});

describe('a schedule that follows the training', () => {
  const settings: Settings = {
    epochs: 12,
    optimizer: { kind: 'sgd', learningRate: 0.3, momentum: 0.9 },
    schedule: { kind: 'reduce-on-plateau', patience: 0, factor: 0.5 },
  };

  test('lowers the learning rate after an evaluation without progress', async () => {
    const { epochs } = await run(settings);
    let best = Number.POSITIVE_INFINITY;
    let rate = 0.3;
    for (const { learningRate, validation } of epochs) {
      expect(learningRate).toBe(rate);
      if (validation!.loss < best * (1 - 1e-4)) best = validation!.loss;
      else rate *= 0.5;
    }
    expect(rate).toBeLessThan(0.3);
  });

  test.each([1, 2, 3, 5])('has the same bits on %i threads', async (count) => {
    expect(digests(await run(settings, threads(count)))).toStrictEqual(digests(await run(settings)));
  });
});

describe('the test set decides nothing', () => {
  test.each([
    ['early stopping', { earlyStopping: {} }, 'earlyStopping watches'],
    ['reduce-on-plateau', { schedule: 'reduce-on-plateau' }, 'reduce-on-plateau watches'],
  ])('%s without validation images is refused', async (_, settings, message) => {
    await expect(run({ ...settings, data: { validation: 0 } })).rejects.toThrow(message);
    await expect(run({ ...settings, data: { validation: 9, monitor: 'test' } })).rejects.toThrow(
      'got the test set, which must not decide anything',
    );
  });
});
