import { expect, test } from 'vitest';
import { growing } from '#lockstep/parallel/growing.js';
import { inline } from '#lockstep/parallel/inline.js';
import { resolve, runToEnd, syntheticDataset } from '../../scripts/golden.mjs';
import { digests } from '../support/digests.ts';

const dense = (units: number | 'classes') => ({ kind: 'dense', units });

test('a executor that grows from epoch to epoch comes to the same bits', async () => {
  const dataset = syntheticDataset({ train: 503, test: 97 });
  // On the slow kernels an epoch takes long enough for threads to be worth their start.
  const experiment = resolve({
    data: { validation: 56 },
    model: [dense(150), 'batch-norm', 'relu', { kind: 'dropout', rate: 0.2 }, dense('classes')],
    optimizer: { kind: 'adam', learningRate: 0.003, clipNorm: 1 },
    batchSize: 37,
    epochs: 8,
    kernels: 'reference',
  });
  const alone = await runToEnd(experiment, dataset, inline());
  const free = [1, 2, 2, 1, 3, 4];
  const asked: number[] = [];
  const executor = growing(4, () => {
    const now = free[asked.length] ?? 4;
    asked.push(now);
    return now;
  });
  const grown = await runToEnd(experiment, dataset, executor);
  expect(asked).toHaveLength(8);
  expect(digests(grown)).toStrictEqual(digests(alone));
});

test('a training that is nearly over stays alone', async () => {
  const experiment = resolve({
    data: { validation: 56 },
    model: [dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    batchSize: 200,
    epochs: 3,
  });
  const dataset = syntheticDataset({ train: 503, test: 97 });
  const { end } = await runToEnd(
    experiment,
    dataset,
    growing(2, () => 2),
  );
  expect(end.weightsSha256).toBe((await runToEnd(experiment, dataset, inline())).end.weightsSha256);
});
