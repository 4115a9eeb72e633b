// Wide layers go by rows and columns, in phases of their own. The bits are those of a training that goes by
// rows alone: the digests were made before there were such phases.
import { describe, expect, test } from 'vitest';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import { train } from '#lockstep/training/train.js';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

const dense = (units: number | 'classes') => ({ kind: 'dense', units });
const wide = dense(512);

/** Each layer of 512 x 512 is wide. A table of numbers or distorted images are read as numbers. */
const cases = {
  'rectifiers, clipped': {
    settings: {
      model: [wide, 'relu', wide, 'relu', dense('classes')],
      optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, clipNorm: 0.5 },
    },
    digest: '68ff1be8ec48afd33ea1fe95f908f3a7514a2021c6c690f1856cb5fd5cdecf68',
  },
  'dense, normalised, beside a shortcut': {
    settings: {
      model: [
        dense(520),
        'tanh',
        { kind: 'residual', layers: [dense(520), 'batch-norm', 'gelu', dense(520)] },
        dense('classes'),
      ],
      optimizer: { kind: 'adam', learningRate: 0.01 },
    },
    digest: '0411dcfcbcc753af50300217f819f907bd175288959a993e838427285c066a27',
  },
  'wide where the distorted samples are read': {
    settings: {
      model: [dense(400), 'relu', dense('classes')],
      augmentation: [{ kind: 'shift', pixels: 2 }],
    },
    digest: '5fecbe4e6dd07d843d482499c858b87c204ba4a40b1c7bc454f66ff7693daaab',
  },
};

const dataset = tinyDataset({ height: 28, width: 28, train: 100 });

describe.each(Object.entries(cases))('%s', (_, { settings, digest }) => {
  const experiment = tinyExperiment({ batchSize: 42, epochs: 2, ...settings });

  test.each([
    ['inline', inline()],
    ...[2, 5].map((count) => [`${count} threads`, threads(count)] as const),
  ] as const)('%s', async (_, executor) => {
    let weights = '';
    for await (const event of train(experiment, { dataset, executor })) {
      if (event.kind === 'end') weights = event.weightsSha256;
    }
    expect(weights).toBe(digest);
  });
});
