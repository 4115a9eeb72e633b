// Layers with `freeze: true`: nothing in them moves, whatever is around them, and the others learn as they
// should.
import { describe, expect, test } from 'vitest';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import type { EndEvent } from '#lockstep/training/events.js';
import { checkGradients } from '#lockstep/training/gradcheck.js';
import { train } from '#lockstep/training/train.js';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

const dataset = tinyDataset({ train: 60 });
const freeze = true;
const dense = (units: number | 'classes', rest = {}) => ({ kind: 'dense', units, ...rest });

async function trained(settings: object, executor = inline()): Promise<EndEvent> {
  for await (const event of train(tinyExperiment({ epochs: 3, ...settings }), { dataset, executor })) {
    if (event.kind === 'end') return event;
  }
  throw new Error('no end');
}

/** The numbers of a layer, by name. */
function numbers({ weights, state }: EndEvent, layer: string): Record<string, number[]> {
  const own = [...weights, ...state].filter(({ id }) => id.startsWith(`${layer}.`));
  return Object.fromEntries(own.map(({ id, values }) => [id, [...values]]));
}

/** As the layers are before the first step: the learning rate is as good as none. */
const before = (model: object) => trained({ model, optimizer: { kind: 'sgd', learningRate: 1e-30 } });

const norms = (kind: string) => [dense(6), { kind, freeze }, 'relu', dense('classes')];

describe.each([
  ['the first layer', [dense(6, { freeze }), 'relu', dense('classes')], ['model.0'], ['model.2']],
  [
    'one between others',
    [dense(6), dense(5, { freeze }), dense('classes')],
    ['model.1'],
    ['model.0', 'model.2'],
  ],
  ['the last one', [dense(6), 'tanh', dense('classes', { freeze })], ['model.2'], ['model.0']],
  ['batch normalisation', norms('batch-norm'), ['model.1'], ['model.0', 'model.3']],
  ['layer normalisation', norms('layer-norm'), ['model.1'], ['model.0', 'model.3']],
  [
    'one in a residual block',
    [dense(6), { kind: 'residual', layers: [dense(6, { freeze }), 'relu'] }, dense('classes')],
    ['model.1.layers.0'],
    ['model.0', 'model.2'],
  ],
])('%s', (_, model, frozen, learning) => {
  const optimizers = [
    { kind: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.1, decayExempt: 'none' },
    { kind: 'adamw', learningRate: 0.01, weightDecay: 0.1, clipNorm: 0.5 },
  ];

  test.each(optimizers)('$kind moves the others alone', async (optimizer) => {
    const [was, is] = [await before(model), await trained({ model, optimizer })];
    for (const layer of frozen) expect(numbers(is, layer)).toEqual(numbers(was, layer));
    for (const layer of learning) expect(numbers(is, layer)).not.toEqual(numbers(was, layer));
  });

  test('any number of threads gives the same bits', async () => {
    const alone = await trained({ model, batchSize: 13 });
    for (const count of [1, 3]) {
      const { weightsSha256 } = await trained({ model, batchSize: 13 }, threads(count));
      expect(weightsSha256).toBe(alone.weightsSha256);
    }
  });

  test('the gradients of the others are right, and those alone are checked', async () => {
    const { passed, tensors } = await checkGradients(tinyExperiment({ model }), dataset);
    expect(passed).toBe(true);
    const checked = new Set(tensors.map(({ id }) => id.slice(0, id.lastIndexOf('.'))));
    expect([...checked].sort()).toEqual(learning);
  });
});

test('the network learns the bits that it learns if the frozen layer is not updated', async () => {
  const model = (rest: object) => [dense(6, rest), 'relu', dense('classes')];
  const frozen = await trained({ model: model({ freeze }), steps: 1, epochs: undefined });
  const free = await trained({ model: model({}), steps: 1, epochs: undefined });
  expect(numbers(frozen, 'model.2')).toEqual(numbers(free, 'model.2'));
  expect(numbers(frozen, 'model.0')).not.toEqual(numbers(free, 'model.0'));
});

test('`freeze: false` is as nothing said', async () => {
  const model = (rest: object) => [dense(6, rest), 'batch-norm', dense('classes')];
  const said = await trained({ model: model({ freeze: false }) });
  expect(said.weightsSha256).toBe((await trained({ model: model({}) })).weightsSha256);
});

test('frozen batch normalisation needs no minibatch of two', async () => {
  const model = [dense(6), { kind: 'batch-norm', freeze }, dense('classes')];
  expect((await trained({ model, batchSize: 1 })).steps).toBe(180);
  await expect(trained({ model: [dense(6), 'batch-norm', dense('classes')], batchSize: 1 })).rejects.toThrow(
    'at least 2 rows',
  );
});

test('a network must learn something', async () => {
  const model = [dense(6, { freeze }), dense('classes', { freeze })];
  await expect(trained({ model })).rejects.toThrow(
    'model: expected at least one layer that learns, got `freeze: true` in all of them',
  );
});
