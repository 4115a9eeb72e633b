// Weights of classes: what a sample's loss is multiplied by, with a mean of 1 over what is trained on.
import { describe, expect, test } from 'vitest';
import { classWeightsOf } from '#lockstep/data/class-weights.js';
import type { Dataset } from '#lockstep/data/dataset.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import type { EndEvent } from '#lockstep/training/events.js';
import { train } from '#lockstep/training/train.js';
import { resolve, runToEnd, type Settings, syntheticDataset } from '../../scripts/golden.mjs';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

/** Class 0 six times, class 1 three times, class 2 once, class 3 never. */
const labels = [0, 0, 1, 0, 2, 1, 0, 0, 1, 0];
const dataset = tinyDataset({ train: 12, classes: 4 });
dataset.train.targets.set([...labels, 3, 3]);
const training = Uint32Array.from(labels.keys());

function weights(classWeights: unknown, of: Pick<Dataset, 'targets' | 'train'> = dataset) {
  const experiment = tinyExperiment({ model: ['relu'], classWeights });
  return classWeightsOf(experiment, of as Dataset, training, (path) => path);
}

const mean = (all: readonly number[]) => labels.reduce((sum, label) => sum + all[label]!, 0) / labels.length;

describe('weights', () => {
  test('are none unless they are asked for', () => expect(weights(undefined)).toBeUndefined());

  test('balanced: in inverse proportion to the frequency, as scikit-learn has it', () => {
    // samples / (classes that occur * samples of the class): compute_class_weight('balanced').
    expect(weights('balanced')).toEqual([10 / 18, 10 / 9, 10 / 3, 1]);
    expect(mean(weights('balanced')!)).toBeCloseTo(1, 14);
  });

  test('of a list are scaled to a mean of 1; a class that does not occur has the weight 1', () => {
    // 6 * 1 + 3 * 2 + 1 * 8 = 20 over ten samples.
    expect(weights([1, 2, 8, 5])).toEqual([0.5, 1, 4, 1]);
    expect(mean(weights([3, 0, 0.5, 0])!)).toBeCloseTo(1, 14);
  });

  test.each<[unknown, string]>([
    [[1, 2, 3], 'classWeights: expected 4 weights, one for each class, got 3'],
    [[0, 0, 0, 7], 'classWeights: expected a weight above 0 for some class that occurs, got none'],
  ])('%j is refused', (given, message) => {
    expect(() => weights(given)).toThrow(message);
  });

  test('are for classes only', () => {
    const values = { ...dataset, targets: { kind: 'values', names: ['y'] } as const };
    expect(() => weights('balanced', values)).toThrow(
      'classWeights: expected a target of classes, which have weights, got values',
    );
  });
});

describe('a training with weights', () => {
  const data = syntheticDataset({ train: 203, test: 60 });
  const settings: Settings = {
    data: { validation: 40 },
    model: [{ kind: 'dense', units: 11 }, 'relu', { kind: 'dense', units: 'classes' }],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
    batchSize: 30,
    epochs: 2,
  };
  const run = (classWeights: unknown, executor = inline()) =>
    runToEnd(resolve({ ...settings, ...(classWeights ? { classWeights } : {}) }), data, executor);

  test('of 1 has the bits of one without', async () => {
    const { epochs, end } = await run([2, 2, 2, 2, 2, 2, 2]);
    const plain = await run(undefined);
    expect(end.weightsSha256).toBe(plain.end.weightsSha256);
    expect(epochs).toEqual(plain.epochs);
  });

  test('has other weights, the same for any number of threads', async () => {
    const { end } = await run('balanced');
    expect(end.weightsSha256).not.toBe((await run(undefined)).end.weightsSha256);
    for (const count of [1, 2, 3]) {
      expect((await run('balanced', threads(count))).end.weightsSha256).toBe(end.weightsSha256);
    }
  });

  test('reports weighted losses, and figures without weights', async () => {
    const experiment = resolve({ ...settings, classWeights: [9, 1, 1, 1, 1, 1, 0] });
    let end: EndEvent | undefined;
    for await (const event of train(experiment, { dataset: data, executor: inline() })) {
      if (event.kind === 'end') end = event;
    }
    const { model, classWeights: factors, test: found } = end!;
    const { test: set } = data;
    const all = model.probabilities(set.features);
    let [sum, right] = [0, 0];
    for (let i = 0; i < set.count; i++) {
      const label = set.targets[i]!;
      const row = [...all.subarray(7 * i, 7 * (i + 1))];
      sum += factors![label]! * -Math.log(row[label]!);
      if (row.indexOf(Math.max(...row)) === label) right++;
    }
    expect(found!.loss).toBeCloseTo(sum / set.count, 5);
    expect(found!.accuracy).toBe(right / set.count);
    expect(factors![6]).toBe(0);
  });
});
