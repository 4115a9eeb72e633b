// Ranks that share minibatches come to the bits of one process, for any number of ranks and threads: here
// without MPI, see `npm run test:ranks` for the whole.
import { describe, expect, test } from 'vitest';
import type { Experiment } from '#lockstep/experiment/experiment.js';
import { inline } from '#lockstep/parallel/inline.js';
import type { EndEvent } from '#lockstep/training/events.js';
import { train } from '#lockstep/training/train.js';
import { trainTogether } from '../support/ranks.ts';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

// 1,300 samples in minibatches of 600, of which each is two cuts and a part of one, and a last of 100.
const dataset = tinyDataset({ height: 6, width: 6, train: 1300, test: 70 });
const colours = tinyDataset({ height: 6, width: 6, channels: 3, train: 1300, test: 70 });

const settings = { batchSize: 600, epochs: 2, data: { validation: 0 } };
const classes = { kind: 'dense', units: 'classes' };
const networks = {
  dense: {
    ...settings,
    model: [{ kind: 'dense', units: 20 }, 'relu', { kind: 'dense', units: 70 }, 'relu', classes],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
  },
  'batch-norm, clipped': {
    ...settings,
    data: { validation: 150 },
    model: [{ kind: 'dense', units: 19 }, 'batch-norm', 'relu', { kind: 'dropout', rate: 0.2 }, classes],
    optimizer: { kind: 'adam', learningRate: 0.01, clipNorm: 0.5 },
  },
  'batch-norm, float64': {
    ...settings,
    epochs: 1,
    kernels: 'reference',
    model: [{ kind: 'dense', units: 9 }, 'batch-norm', 'relu', classes],
  },
  // Gradients of 150,000 and 280,000 elements travel in shares.
  'in two shares': {
    ...settings,
    epochs: 1,
    model: [{ kind: 'dense', units: 400 }, 'relu', { kind: 'dense', units: 300 }, 'relu', classes],
    optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 },
  },
  'in four shares, clipped': {
    ...settings,
    epochs: 1,
    model: [
      { kind: 'conv', channels: 32, kernel: 3 },
      'relu',
      { kind: 'conv', channels: 64, kernel: 3, stride: 2 },
      'batch-norm',
      'relu',
      { kind: 'dense', units: 1000 },
      'relu',
      { kind: 'dense', units: 180 },
      'relu',
      classes,
    ],
    optimizer: { kind: 'sgd', learningRate: 0.05, clipNorm: 0.3 },
  },
  residual: {
    ...settings,
    model: [
      { kind: 'dense', units: 16 },
      { kind: 'residual', layers: [{ kind: 'dense', units: 16 }, 'layer-norm', 'tanh'] },
      classes,
    ],
  },
  convolution: {
    ...settings,
    model: [
      { kind: 'conv', channels: 6, kernel: 3 },
      'batch-norm',
      'relu',
      { kind: 'max-pool', size: 2 },
      'flatten',
      classes,
    ],
    optimizer: { kind: 'adam', learningRate: 0.01 },
  },
} as const;

/** What must be the same for any number of ranks. */
const bitsOf = ({ weightsSha256, state, history, test }: EndEvent) => ({
  weightsSha256,
  state,
  history,
  test,
});

async function alone(experiment: Experiment, samples = dataset): Promise<EndEvent> {
  for await (const event of train(experiment, { dataset: samples, executor: inline() })) {
    if (event.kind === 'end') return event;
  }
  throw new Error('it did not end');
}

describe('bits', () => {
  test.each([
    ['dense', 4, 1],
    ['batch-norm, clipped', 3, 1],
    ['batch-norm, float64', 2, 1],
    ['residual', 3, 1],
    ['convolution', 2, 2],
    ['in two shares', 3, 2],
    ['in four shares, clipped', 2, 2],
  ] as const)('%s, %i ranks of %i threads', async (name, ranks, threads) => {
    const experiment = tinyExperiment(networks[name]);
    const samples = name === 'convolution' ? colours : dataset;
    const expected = bitsOf(await alone(experiment, samples));
    const results = await trainTogether(experiment, samples, { ranks, threads });
    for (const { end, error } of results) {
      expect(error).toBeUndefined();
      expect(bitsOf(end!)).toEqual(expected);
    }
  });
});

describe('together', () => {
  const experiment = tinyExperiment({ ...networks.dense, epochs: 30 });

  test('if one rank is asked to stop, all stop after the same step', async () => {
    const controller = new AbortController();
    const results = await trainTogether(experiment, dataset, {
      ranks: 2,
      options: (rank) => (rank === 1 ? { signal: controller.signal } : {}),
      onEvent: (event, rank) => {
        if (rank === 1 && event.kind === 'epoch' && event.epoch === 2) controller.abort();
      },
    });
    const [first, second] = results.map(({ end }) => end!);
    expect(first!.stopped).toBe(true);
    expect(first!.steps).toBeGreaterThanOrEqual(6);
    expect(first!.steps).toBeLessThan(90);
    expect(second!.steps).toBe(first!.steps);
    expect(second!.weightsSha256).toBe(first!.weightsSha256);
  });

  test('checkpoints by the clock of rank 0 are taken by all after the same step', async () => {
    const execution = { ...experiment.execution, checkpoint: { minutes: 0.0005 } };
    const results = await trainTogether({ ...experiment, execution }, dataset, { ranks: 2 });
    const steps = results.map(({ events }) =>
      events.flatMap((event) => (event.kind === 'checkpoint' ? [event.steps] : [])),
    );
    expect(steps[0]!.length).toBeGreaterThan(0);
    expect(steps[1]).toEqual(steps[0]);
  });

  test('all find the same step in which a training diverged', async () => {
    const wild = tinyExperiment({ ...networks.dense, optimizer: { kind: 'sgd', learningRate: 1e30 } });
    const expected = await alone(wild).catch((error: Error) => error.message);
    const results = await trainTogether(wild, dataset, { ranks: 2 });
    const step = /in epoch \d+, step \d+/;
    for (const { error } of results) {
      expect(step.exec(error!.message)![0]).toBe(step.exec(String(expected))![0]);
    }
  });
});

describe('what cannot be shared', () => {
  test('minibatches of one cut are refused', async () => {
    const small = tinyExperiment({ ...networks.dense, batchSize: 256 });
    const [{ error }] = (await trainTogether(small, dataset, { ranks: 2 })) as [{ error: Error }, unknown];
    expect(error.message).toBe(
      'batchSize: expected minibatches of more than 256 rows, because ranks share them in cuts of 256, ' +
        'got 256; write `batchSize: 512` for 2 ranks, or train without --ranks',
    );
  });
});
