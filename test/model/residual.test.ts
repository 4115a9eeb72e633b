// Residual blocks: two paths that join again.
import { describe, expect, test } from 'vitest';
import { canonicalText } from '#lockstep/experiment/experiment.js';
import { readExperiment } from '#lockstep/experiment/read.js';
import { planNetwork } from '#lockstep/model/network.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import { checkGradients } from '#lockstep/training/gradcheck.js';
import { resolve, runToEnd, syntheticDataset } from '../../scripts/golden.mjs';
import { digests } from '../support/digests.ts';
import { dataShape, tinyDataset, tinyExperiment } from '../support/tiny.ts';

const dense = (units: number | 'classes') => ({ kind: 'dense', units });
const residual = (layers: unknown[], shortcut: unknown[] = []) => ({ kind: 'residual', layers, shortcut });

const models: Record<string, unknown[]> = {
  'around the pixels, by projection': [
    residual([dense(5), 'leaky-relu'], [dense(5)]),
    'leaky-relu',
    dense('classes'),
  ],
  'around the pixels themselves': [residual([dense(9), 'leaky-relu']), 'leaky-relu', dense('classes')],
  'rectifiers at every end': [
    dense(6),
    'leaky-relu',
    residual(['leaky-relu', dense(6), 'leaky-relu'], ['leaky-relu']),
    'leaky-relu',
    dense('classes'),
  ],
  'nested, and one after the other': [
    dense(6),
    residual(
      [residual([dense(6), 'leaky-relu']), residual(['leaky-relu', dense(4)], [dense(4)])],
      [dense(4)],
    ),
    residual([residual(['leaky-relu'])]),
    residual(['leaky-relu'], [residual([dense(4)])]),
    dense('classes'),
  ],
  'with batch normalisation': [
    dense(6),
    residual(['batch-norm', 'leaky-relu', dense(6)]),
    'batch-norm',
    dense('classes'),
  ],
  'at the end': [dense(6), residual([dense('classes')], [dense('classes')])],
};

describe.each(Object.entries(models))('%s', (_, model) => {
  test('every gradient is within 1e-6 of its difference quotient', async () => {
    const report = await checkGradients(tinyExperiment({ model }), tinyDataset());
    expect(report.tensors.filter(({ passed }) => !passed)).toEqual([]);
  });

  test('the same bits inline and with 2 and 5 threads', async () => {
    const optimizer = { kind: 'sgd', learningRate: 0.01, momentum: 0.5 };
    const experiment = tinyExperiment({ model, optimizer, batchSize: 37, epochs: 2 });
    const dataset = tinyDataset({ train: 300, test: 50 });
    const alone = await runToEnd(experiment, dataset, inline());
    for (const count of [2, 5]) {
      expect(digests(await runToEnd(experiment, dataset, threads(count)))).toStrictEqual(digests(alone));
    }
  });

  test('canonical text reads as itself', () => {
    const text = canonicalText(tinyExperiment({ model }));
    expect(canonicalText(readExperiment(text, { file: 'x', name: 'x' }).experiment)).toBe(text);
  });
});

test('parameters are named by their place', () => {
  const { model } = tinyExperiment({ model: [residual([dense(4), 'relu'], [dense(4)]), dense('classes')] });
  const { parameters, nodes } = planNetwork(model, dataShape({ inputs: 9, classes: 3 }));
  expect(parameters.map(({ id }) => id)).toEqual([
    'model.0.layers.0.W',
    'model.0.layers.0.b',
    'model.0.shortcut.0.W',
    'model.0.shortcut.0.b',
    'model.1.W',
    'model.1.b',
  ]);
  expect(nodes.map(({ path, config }) => `${path} ${config.kind}`)).toEqual([
    'model[0] fork',
    'model[0].layers[0] dense',
    'model[0].layers[1] relu',
    'model[0].shortcut[0] dense',
    'model[0] join',
    'model[1] dense',
  ]);
});

describe('is told where', () => {
  const rest = 'optimizer: { kind: sgd, learningRate: 0.1 }\nbatchSize: 4\nepochs: 1\n';
  const complaint = (block: string) => {
    const text = `model:\n  - ${block}\n  - { kind: dense, units: classes }\n${rest}`;
    const { experiment, locate } = readExperiment(text, { file: 'x.yaml', name: 'x' });
    planNetwork(experiment.model, dataShape({ inputs: 9, classes: 3 }), locate);
  };
  const ending = (model: unknown[]) => () =>
    planNetwork(tinyExperiment({ model }).model, dataShape({ inputs: 9, classes: 3 }));
  const wrong = 'expected the network to end in 3 outputs, one for each class of the data, got';

  test.each<[string, unknown[], string]>([
    [
      'both paths that end the network',
      [residual([dense(5), 'relu'], [dense(5)])],
      `model[0].layers[0].units: ${wrong} 5; write \`units: classes\` here and in model[0].shortcut[0].units`,
    ],
    [
      'the layer before a block that keeps the width',
      [dense(4), residual(['relu'], [residual(['tanh'])]), 'relu'],
      `model[0].units: ${wrong} 4; write \`units: classes\``,
    ],
    [
      'the end, where a path is as wide as what comes in',
      [dense(4), residual(['relu', dense(4)])],
      `model: ${wrong} 4; end with a dense layer of \`units: classes\``,
    ],
    [
      'blocks within blocks',
      [residual([dense(6), residual([dense(4)], [dense(4)])], ['relu', dense(4)])],
      `model[0].layers[1].layers[0].units: ${wrong} 4; write \`units: classes\` here and in ` +
        'model[0].layers[1].shortcut[0].units and model[0].shortcut[1].units',
    ],
  ])('%s', (_, model, message) => {
    expect(ending(model)).toThrow(message);
  });

  test.each([
    [
      '{ kind: residual, layers: [{ kind: dense, units: 5 }] }',
      'x.yaml:2:5 model[0]: ' +
        'expected layers and shortcut of a residual block to end in as many outputs, 5, ' +
        'got 9 from the shortcut; write `shortcut: [{ kind: dense, units: 5 }]`',
    ],
    [
      '{ kind: residual, layers: [rellu] }',
      'x.yaml:2:32 model[0].layers[0]: unknown layer "rellu"; did you mean "relu"?',
    ],
    ['{ kind: residual, layers: [] }', 'x.yaml:2:31 model[0].layers: expected at least one layer, got []'],
  ])('%s', (block, message) => {
    expect(() => complaint(block)).toThrow(message);
  });
});

test('learns', async () => {
  const model = [dense(16), residual(['relu', dense(16)]), 'relu', dense('classes')];
  const optimizer = { kind: 'sgd', learningRate: 0.1 };
  const experiment = resolve({ data: { validation: 50 }, model, optimizer, batchSize: 50, epochs: 3 });
  const { epochs } = await runToEnd(experiment, syntheticDataset(), inline());
  expect(epochs.at(-1)!.train.loss).toBeLessThan(epochs[0]!.train.loss);
});
