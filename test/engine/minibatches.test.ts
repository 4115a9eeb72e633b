// The cut of an epoch into minibatches: a layer that looks at the whole minibatch never gets a single row.
import { describe, expect, test } from 'vitest';
import { minibatchesOf } from '#lockstep/engine/minibatches.js';
import { planNetwork } from '#lockstep/model/network.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import { resolve, runToEnd, type Settings, syntheticDataset } from '../../scripts/golden.mjs';
import { digests } from '../support/digests.ts';
import { dataShape } from '../support/tiny.ts';

const dense = (units: number | 'classes') => ({ kind: 'dense', units });
const models = {
  plain: [dense(9), 'relu', dense('classes')],
  normalised: [dense(9), 'batch-norm', 'relu', dense('classes')],
  within: [{ kind: 'residual', layers: [dense(9), 'batch-norm'], shortcut: [dense(9)] }, dense('classes')],
};

const base: Settings = {
  data: { validation: 0 },
  optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
  epochs: 2,
};

const networkOf = (name: keyof typeof models) => {
  const { model } = resolve({ ...base, model: models[name], batchSize: 2 });
  return planNetwork(model, dataShape({ inputs: 16, classes: 3 }));
};

describe('minibatches', () => {
  const cases: [name: keyof typeof models, batchSize: number | 'full', samples: number, cut: number[]][] = [
    ['plain', 33, 100, [33, 33, 4]],
    ['plain', 1, 100, [1, 1, 100]],
    ['normalised', 33, 100, [33, 34, 3]],
    ['within', 33, 100, [33, 34, 3]],
    ['normalised', 2, 3, [2, 3, 1]],
    ['normalised', 32, 100, [32, 32, 4]],
    ['normalised', 50, 100, [50, 50, 2]],
    ['normalised', 99, 100, [99, 100, 1]],
    ['normalised', 100, 100, [100, 100, 1]],
    ['normalised', 500, 100, [100, 100, 1]],
    ['normalised', 'full', 100, [100, 100, 1]],
    ['normalised', 1, 100, [1, 1, 100]],
  ];
  test.each(cases)('%s, %s of %i', (name, batchSize, samples, [size, largest, count]) => {
    expect(minibatchesOf(batchSize, samples, networkOf(name))).toEqual({ size, largest, count });
  });
});

const run = (settings: Settings, train: number, executor = inline()) =>
  runToEnd(resolve({ ...base, ...settings }), syntheticDataset({ train, test: 10 }), executor);

describe.each(['normalised', 'within'] as const)('a last row that joins the minibatch before, %s', (name) => {
  // 257 rows are more than are listed or summed at a time.
  test.each([3, 33, 257])('%i samples in minibatches of one less are one minibatch', async (train) => {
    const joined = await run({ model: models[name], batchSize: train - 1 }, train);
    const whole = await run({ model: models[name], batchSize: train }, train);
    expect(joined.end.weightsSha256).toBe(whole.end.weightsSha256);
    expect(joined.epochs.map(({ step }) => step)).toEqual([1, 2]);
    expect(joined.epochs.map(({ train: { loss } }) => loss)).toEqual(
      whole.epochs.map(({ train: { loss } }) => loss),
    );
  });

  test('takes part in each epoch, on any number of threads', async () => {
    const settings = { model: models[name], batchSize: 33, schedule: 'cosine' };
    const alone = await run(settings, 100);
    expect(alone.epochs.map(({ step }) => step)).toEqual([3, 6]);
    for (const count of [1, 2, 3, 5]) {
      expect(digests(await run(settings, 100, threads(count)))).toStrictEqual(digests(alone));
    }
  });
});

describe('minibatches of one row', () => {
  const expected =
    'batchSize: expected at least 2 rows, because batch-norm (model[1]) takes mean and variance over the ' +
    'minibatch, got ';
  const hint = '; write `batchSize: 32`, or take layer-norm, which looks at each row by itself';

  test('are refused for a layer that looks at the whole minibatch, before training', async () => {
    await expect(run({ model: models.normalised, batchSize: 1 }, 20)).rejects.toThrow(`${expected}1${hint}`);
    await expect(run({ model: models.normalised, batchSize: 9 }, 1)).rejects.toThrow(
      `${expected}1 training sample${hint}`,
    );
  });
  test('train any other network', async () => {
    expect((await run({ model: models.plain, batchSize: 1, epochs: 1 }, 20)).end.steps).toBe(20);
  });
});
