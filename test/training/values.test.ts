// What follows the figures of values: early stopping, the best weights and reduce-on-plateau, by val_rmse.
import { describe, expect, test } from 'vitest';
import { allocateSamples, type Dataset, type Features } from '#lockstep/data/dataset.js';
import { stream } from '#lockstep/foundation/random.js';
import { inline } from '#lockstep/parallel/inline.js';
import { resolve, runToEnd, type Settings } from '../../scripts/golden.mjs';

/** Two numbers and noise decide one value; few samples, so that a large network soon learns the noise. */
function noisyValues(): Dataset {
  const random = stream('noisy values');
  const features: Features = {
    kind: 'floats',
    shape: [3],
    columns: ['a', 'b', 'c'].map((name) => ({ kind: 'number', name })),
  };
  const targets = { kind: 'values', names: ['y'] } as const;
  const draw = (count: number) => {
    const samples = allocateSamples(count, features, targets);
    for (let i = 0; i < count; i++) {
      const [a, b, c] = [random.normal(), random.normal(), random.normal()];
      samples.features.set([a, b, c], 3 * i);
      samples.targets[i] = 100 + 20 * a - 10 * b * b + 25 * random.normal();
    }
    return samples;
  };
  return { name: 'noisy', features, targets, train: draw(120), test: draw(20) };
}

const dataset = noisyValues();

const settings: Settings = {
  data: { validation: 40 },
  // Its mean has its best elsewhere than the RMSE.
  loss: 'mean-absolute-error',
  model: [{ kind: 'dense', units: 40 }, 'relu', { kind: 'dense', units: 'targets' }],
  optimizer: { kind: 'adam', learningRate: 0.02 },
  batchSize: 16,
  epochs: 60,
};

const run = (more: Settings) => runToEnd(resolve({ ...settings, ...more }), dataset, inline());

describe('a regression', () => {
  test('keeps the weights of the lowest validation RMSE', async () => {
    const { epochs, end } = await run({});
    const errors = epochs.map(({ validation }) => validation!.rmse!);
    const best = errors.indexOf(Math.min(...errors));
    expect(best, 'neither the first nor the last epoch').toBeGreaterThan(0);
    expect(best).toBeLessThan(errors.length - 1);
    expect(end.best!.epoch).toBe(best + 1);
  });

  test.each([
    ['rmse', Math.min],
    ['r2', Math.max],
  ] as const)('ends early by %s, with the best weights', async (metric, bestOf) => {
    const { epochs, end } = await run({ earlyStopping: { metric, patience: 6 } });
    const figures = epochs.map(({ validation }) => validation![metric]!);
    const best = figures.indexOf(bestOf(...figures));
    expect(end).toMatchObject({ stoppedEarly: true, stopped: false });
    expect(figures).toHaveLength(best + 1 + 6);
    expect(end.best!.epoch).toBe(best + 1);
    const { end: short } = await run({ epochs: best + 1 });
    expect(end.weightsSha256).toBe(short.weightsSha256);
  });

  test('lowers the learning rate when the validation RMSE is no better', async () => {
    const schedule = { kind: 'reduce-on-plateau', metric: 'rmse', patience: 1, factor: 0.5 };
    const { epochs } = await run({ schedule, epochs: 30 });
    let [best, waited, rate] = [Number.POSITIVE_INFINITY, 0, 0.02];
    for (const { learningRate, validation } of epochs) {
      expect(learningRate).toBe(rate);
      waited++;
      if (validation!.rmse! < best * (1 - 1e-4)) [best, waited] = [validation!.rmse!, 0];
      if (waited > 1) [rate, waited] = [rate * 0.5, 0];
    }
    expect(rate).toBeLessThan(0.02);
  });

  test('watches no figure of another task', async () => {
    await expect(run({ earlyStopping: { metric: 'f1' } })).rejects.toThrow(/earlyStopping.metric.*f1/);
  });
});
