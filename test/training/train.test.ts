import { expect, test } from 'vitest';
import { inline } from '#lockstep/parallel/inline.js';
import type { EndEvent } from '#lockstep/training/events.js';
import { type Reuse, train } from '#lockstep/training/train.js';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

async function endOf(options: { test?: boolean }): Promise<EndEvent> {
  const experiment = tinyExperiment({ model: [{ kind: 'dense', units: 'classes' }] });
  for await (const event of train(experiment, { dataset: tinyDataset(), executor: inline(), ...options })) {
    if (event.kind === 'end') return event;
  }
  throw new Error('the training did not end');
}

test('a training without the test set has no figures of it, and the same weights', async () => {
  const [judged, blind] = [await endOf({}), await endOf({ test: false })];
  expect(judged.test?.accuracy).toBeGreaterThanOrEqual(0);
  expect(blind.test).toBeUndefined();
  expect(blind.weightsSha256).toBe(judged.weightsSha256);
});

test('evaluations see the images as they are: only what is learnt depends on the augmentation', async () => {
  const model = [{ kind: 'dense', units: 'classes' }];
  const optimizer = { kind: 'sgd', learningRate: 1e-30 };
  const settings = { model, optimizer, data: { validation: 6 } };
  const figures = async (augmentation: string[]) => {
    const experiment = tinyExperiment({ ...settings, augmentation });
    const seen: { training?: number; validation?: number; test?: number } = {};
    for await (const event of train(experiment, { dataset: tinyDataset(), executor: inline() })) {
      if (event.kind === 'epoch')
        Object.assign(seen, { training: event.train.loss, validation: event.validation!.loss });
      if (event.kind === 'end') seen.test = event.test!.loss;
    }
    return seen;
  };
  // The weights do not move, so the figures differ only because the images do.
  const [plain, distorted] = [await figures([]), await figures(['affine', 'elastic'])];
  expect(distorted.training).not.toBe(plain.training);
  expect(distorted.validation).toBe(plain.validation);
  expect(distorted.test).toBe(plain.test);
});

test('the last epochs are not distorted if noAugmentationEpochs says so; the others are as they were', async () => {
  const settings = { model: [{ kind: 'dense', units: 'classes' }], epochs: 3 };
  const losses = async (more: object) => {
    const options = { dataset: tinyDataset(), executor: inline() };
    const found: number[] = [];
    for await (const event of train(tinyExperiment({ ...settings, ...more }), options)) {
      if (event.kind === 'epoch') found.push(event.train.loss);
    }
    return found;
  };
  const augmentation = ['affine', 'elastic'];
  const [plain, distorted] = [await losses({}), await losses({ augmentation })];
  const ended = await losses({ augmentation, noAugmentationEpochs: 1 });
  expect(ended.slice(0, 2)).toEqual(distorted.slice(0, 2));
  expect(ended[2]).not.toBe(distorted[2]);
  expect(await losses({ augmentation, noAugmentationEpochs: 3 })).toEqual(plain);
  expect(await losses({ augmentation, noAugmentationEpochs: 9 })).toEqual(plain);
});

test('the learning rate of an epoch is that of its last step', async () => {
  const experiment = tinyExperiment({
    model: [{ kind: 'dense', units: 'classes' }],
    optimizer: { kind: 'sgd', learningRate: 0.5 },
    schedule: { kind: 'step', every: 1, factor: 0.5 },
    epochs: 3,
  });
  const rates: number[] = [];
  for await (const event of train(experiment, { dataset: tinyDataset(), executor: inline() })) {
    if (event.kind === 'epoch') rates.push(event.learningRate);
  }
  expect(rates).toEqual([0.5, 0.25, 0.125]);
});

test('a test set that is watched decides nothing: no weights are the best by it', async () => {
  const model = [{ kind: 'dense', units: 'classes' }];
  const best = async (monitor: string) => {
    const experiment = tinyExperiment({ model, data: { validation: 6, monitor } });
    const epochs: boolean[] = [];
    for await (const event of train(experiment, { dataset: tinyDataset(), executor: inline() })) {
      if (event.kind === 'epoch') epochs.push(event.best !== undefined);
      if (event.kind === 'end') return { first: epochs[0], end: event.best !== undefined };
    }
    throw new Error('the training did not end');
  };
  expect(await best('validation')).toEqual({ first: true, end: true });
  expect(await best('test')).toEqual({ first: false, end: false });
});

test('samples that are no images cannot be distorted', async () => {
  const experiment = tinyExperiment({
    model: [{ kind: 'dense', units: 'classes' }],
    augmentation: ['shift'],
  });
  const events = train(experiment, { dataset: tinyDataset({ height: 1, width: 7 }), executor: inline() });
  await expect(events.next()).rejects.toThrow(
    'augmentation: expected samples that are images, got samples of 1 x 7',
  );
});

test('memory of an earlier training changes nothing, and serves as long as it is large enough', async () => {
  const digest = async (units: number, reuse?: Reuse, noise?: boolean) => {
    const experiment = tinyExperiment({
      model: [{ kind: 'dense', units }, 'batch-norm', 'relu', { kind: 'dense', units: 'classes' }],
      optimizer: { kind: 'adam', learningRate: 0.01 },
      ...(noise ? { augmentation: ['shift'] } : {}),
    });
    const options = { dataset: tinyDataset(), executor: inline(), ...(reuse ? { reuse } : {}) };
    for await (const event of train(experiment, options)) {
      if (event.kind === 'end') return event.weightsSha256;
    }
    throw new Error('the training did not end');
  };
  const reuse: Reuse = {};
  const memories = new Set();
  for (const [units, noise] of [[40], [3], [40, true], [40], [17], [900]] as const) {
    expect(await digest(units, reuse, noise)).toBe(await digest(units, undefined, noise));
    memories.add(reuse.memory);
  }
  // The last one needs more.
  expect(memories.size).toBe(2);
});
