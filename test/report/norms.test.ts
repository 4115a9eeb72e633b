// Sizes of weights and gradients: they are those of the numbers in the checkpoint, and of the loss.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { normsOf } from '#lockstep/report/norms.js';
import { openRun } from '#lockstep/run/open-run.js';
import { readTrained, type TrainedNetwork } from '#lockstep/run/read-trained.js';
import { trainedModel } from '#lockstep/training/trained-model.js';
import { runTrain, temporary } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

describe('sizes', () => {
  let cwd: string;
  let trained: TrainedNetwork;
  beforeAll(async () => {
    const weak = toyExperiment.replace('learningRate: 0.1, momentum: 0.9', 'learningRate: 0.003');
    cwd = await toyFolder(weak, temporary());
    expect((await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd })).code).toBe(0);
    trained = await readTrained(join(cwd, 'run'));
  }, 60_000);
  afterAll(() => rmSync(cwd, { recursive: true }));

  test('of weights: the norm and the root mean square', () => {
    const { tensors, samples } = normsOf(trained, undefined);
    expect(samples).toBe(0);
    expect(tensors.map(({ id }) => id)).toEqual(['model.0.W', 'model.0.b', 'model.2.W', 'model.2.b']);
    for (const [p, { weights, gradient }] of tensors.entries()) {
      const values = [...trained.parameters[p]!.values];
      expect(weights.norm).toBeCloseTo(Math.hypot(...values), 9);
      expect(weights.rms).toBeCloseTo(Math.hypot(...values) / Math.sqrt(values.length), 9);
      expect(gradient).toBeUndefined();
    }
  });

  test('of gradients: along its own direction, the mean loss falls as fast as the norm says', async () => {
    const { test } = await openDataset(join(cwd, 'data'));
    const { tensors, samples } = normsOf(trained, test);
    expect(samples).toBe(test.count);
    const { experiment, network, signature, parameters, state } = trained;
    // The bias of the outputs: its gradient is the mean of (probability - target), sample by sample.
    const run = await openRun(join(cwd, 'run'));
    const probabilities = run.probabilities({ count: test.count, features: test.features });
    const mean = [0, 1, 2, 3].map((c) => {
      let sum = 0;
      for (let i = 0; i < test.count; i++) sum += probabilities[i * 4 + c]! - (test.targets[i] === c ? 1 : 0);
      return sum / test.count;
    });
    expect(tensors[3]!.gradient!.norm).toBeCloseTo(Math.hypot(...mean), 5);
    // The matrix before it: no step of a small length changes the loss by more than norm × length.
    const loss = (weights: typeof parameters) =>
      trainedModel(experiment, network, signature, weights, state).evaluate(test).loss as number;
    const length = 1e-2;
    const one = (at: number, by: number) =>
      parameters.map((tensor, p) =>
        p === 2 ? { ...tensor, values: tensor.values.map((v, i) => (i === at ? v + by : v)) } : tensor,
      );
    let squares = 0;
    for (let at = 0; at < parameters[2]!.values.length; at++) {
      const slope = (loss(one(at, length)) - loss(one(at, -length))) / (2 * length);
      squares += slope * slope;
    }
    expect(tensors[2]!.gradient!.norm).toBeCloseTo(Math.sqrt(squares), 3);
  });
});
