import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { figuresFor } from '#lockstep/model/catalogue.js';
import { inline } from '#lockstep/parallel/inline.js';
import type { Objective } from '#lockstep/sweep/objective.js';
import { type EpochReport, type Outcome, runTraining } from '#lockstep/sweep/run-training.js';
import { resolve, runToEnd, type Settings, syntheticDataset } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';

const dataset = syntheticDataset({ train: 400, test: 100 });

const settings: Settings = {
  seed: 3,
  data: { validation: 100 },
  model: [{ kind: 'dense', units: 12 }, 'relu', { kind: 'dense', units: 'classes' }],
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  batchSize: 20,
  epochs: 3,
};

/** Runs a training as the thread of a trial does; gives how it ended and what it told on its way. */
async function trainAlone(experiment: Settings, objective: Objective) {
  const { port1: ours, port2: port } = new MessageChannel();
  const reports: EpochReport[] = [];
  ours.on('message', (report: EpochReport) => reports.push(report));
  const closed = new Promise((resolve) => ours.once('close', resolve));
  const outcome: Outcome = await runTraining({
    ...{ experiment: resolve(experiment), dataset, dataSha256: '', objective, port },
    ...{
      threads: 1,
      mostThreads: 1,
      folder: await temporaryFolder(),
      name: 'run',
      until: Number.POSITIVE_INFINITY,
    },
  });
  await closed;
  if (outcome.kind !== 'ended') throw new Error(`expected a training that ends, got ${outcome.kind}`);
  return { outcome, reports };
}

const ofClasses = figuresFor('classes').figures.map(({ name }) => `val_${name}`);

test.each(['val_loss', ...ofClasses])(
  '%s of a trial is the figure of the validation images, and no other',
  async (name) => {
    const figure = name.slice('val_'.length) as 'loss' | 'accuracy' | 'precision' | 'recall' | 'f1';
    const { epochs, end } = await runToEnd(resolve(settings), dataset, inline());
    const validation = epochs.map(({ epoch, validation }) => [epoch, validation![figure]]);
    const { outcome, reports } = await trainAlone(settings, { name, goal: 'maximize' });
    expect(outcome.history).toEqual(validation);
    expect(outcome.value).toBe(validation.at(-1)![1]);
    expect(reports.map(({ epoch, value }) => [epoch, value])).toEqual(validation);
    expect(outcome.weightsSha256).toBe(end.weightsSha256);
    // The other sets tell another story here.
    expect(end.test![figure]).not.toBe(outcome.value);
    for (const { train, validation } of epochs) {
      expect(train.loss).not.toBe(validation!.loss);
      expect(train.accuracy).not.toBe(validation!.accuracy);
    }
  },
);

test('with early stopping the objective is that of the best weights, which are kept', async () => {
  const overfitting: Settings = {
    ...settings,
    data: { validation: 100, training: 40 },
    optimizer: { kind: 'sgd', learningRate: 0.5, momentum: 0.9 },
    epochs: 40,
    earlyStopping: { metric: 'loss', patience: 3 },
  };
  const { epochs, end } = await runToEnd(resolve(overfitting), dataset, inline());
  const best = epochs.find(({ epoch }) => epoch === end.best!.epoch)!;
  expect(best.epoch).toBeLessThan(epochs.at(-1)!.epoch);
  const { outcome } = await trainAlone(overfitting, { name: 'val_loss', goal: 'minimize' });
  expect(outcome.value).toBe(best.validation!.loss);
  expect(outcome.value).not.toBe(outcome.history.at(-1)![1]);
  expect(outcome.weightsSha256).toBe(end.weightsSha256);
});
