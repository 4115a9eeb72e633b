// The library's door: whatever a program hands in is checked, and told in one line of the form
// `label: expected A, got B`. Nothing may hang, leave its arrays, or train on something else than was meant.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  canonicalText,
  checkGradients,
  classMetrics,
  type Dataset,
  datasetDigest,
  datasetOf,
  decodePng,
  defineExperiment,
  type Executor,
  type Experiment,
  experimentSchema,
  fingerprint,
  inline,
  LockstepError,
  openDataset,
  openRun,
  openTrials,
  parseOverride,
  prepareImage,
  readExperiment,
  readPng,
  readSweep,
  runSweep,
  type SavableModel,
  type TrainEvent,
  threads,
  train,
  weightsDigest,
} from '#lockstep/index.js';
import { syntheticDataset } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';

const settings = {
  data: { validation: 3 },
  model: [{ kind: 'dense', units: 5 }, 'relu', { kind: 'dense', units: 'classes' }],
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  batchSize: 4,
  epochs: 2,
};

/** Twelve images of 2 x 2 pixels, three classes. */
const arrays = () => ({
  height: 2,
  width: 2,
  train: {
    images: Uint8Array.from({ length: 48 }, (_, i) => (37 * i) % 256),
    labels: Array.from({ length: 12 }, (_, i) => i % 3),
  },
  test: { images: [[1, 2, 3, 4]], labels: [2] },
});

/** What a program hands in, whatever TypeScript says. */
const wrong = <T>(value: unknown) => value as T;

async function events(experiment: Experiment, options: Parameters<typeof train>[1]): Promise<TrainEvent[]> {
  const all: TrainEvent[] = [];
  for await (const event of train(experiment, options)) all.push(event);
  return all;
}

describe('threads', () => {
  test.each([
    [1.5, RangeError, 'threads: expected a whole number from 1 to 1024, got 1.5'],
    [0, RangeError, 'threads: expected a whole number from 1 to 1024, got 0'],
    [1025, RangeError, 'threads: expected a whole number from 1 to 1024, got 1025'],
    [Number.NaN, RangeError, 'threads: expected a whole number from 1 to 1024, got NaN'],
    ['2', TypeError, 'threads: expected a whole number from 1 to 1024, got "2"'],
    [null, TypeError, 'threads: expected a whole number from 1 to 1024, got null'],
  ])('%s', (count, kind, message) => {
    expect(() => threads(wrong(count))).toThrow(new kind(message));
  });

  test('1, 1024 and auto are fine', () => {
    expect([threads(1), threads(1024), threads('auto'), threads()].map(({ name }) => name)).toHaveLength(4);
  });
});

describe('a data set', () => {
  const good = datasetOf(arrays());

  test('of arrays is what it was, with as many classes as the largest label says', () => {
    expect(good).toMatchObject({
      name: 'arrays',
      features: { kind: 'bytes', shape: [2, 2, 1] },
      targets: { kind: 'classes', count: 3 },
    });
    expect([...good.train.features]).toEqual([...arrays().train.images]);
    expect([...good.test.features, ...good.test.targets]).toEqual([1, 2, 3, 4, 2]);
    expect(datasetOf({ ...arrays(), classes: 9, name: 'mine' })).toMatchObject({
      name: 'mine',
      targets: { count: 9 },
    });
  });

  test.each<[string, (given: ReturnType<typeof arrays>) => unknown, ErrorConstructor, string]>([
    [
      'no object',
      () => 3,
      TypeError,
      'datasetOf: expected an object with height, width, train and test; or a target, got 3',
    ],
    [
      'a height of 0',
      (a) => ({ ...a, height: 0 }),
      RangeError,
      'height: expected a whole number from 1 to 65535, got 0',
    ],
    [
      'floats for pixels, of which bytes would be zeros',
      (a) => ({ ...a, train: { ...a.train, images: new Float32Array(48).fill(0.5) } }),
      TypeError,
      'train.images: expected bytes 0 to 255 (a Uint8Array), or a list with the pixels of each image, ' +
        'got Float32Array of 48',
    ],
    [
      'a pixel between two bytes',
      (a) => ({ ...a, test: { images: [[1, 2, 3, 0.5]], labels: [0] } }),
      RangeError,
      'test.images[0][3]: expected a whole number from 0 to 255, got 0.5',
    ],
    [
      'an image that is too short',
      (a) => ({ ...a, test: { images: [[1, 2, 3]], labels: [0] } }),
      RangeError,
      'test.images[0]: expected 4 pixels, got 3',
    ],
    [
      'too few images for the labels',
      (a) => ({ ...a, train: { ...a.train, images: a.train.images.subarray(0, 44) } }),
      RangeError,
      'train.images: expected 48 bytes, 12 images of 4 pixels, got 44',
    ],
    [
      'a label outside the classes',
      (a) => ({ ...a, classes: 2 }),
      RangeError,
      'train.labels[2]: expected a whole number from 0 to 1, got 2',
    ],
    [
      'a label that is no class',
      (a) => ({ ...a, test: { ...a.test, labels: [-1] } }),
      RangeError,
      'test.labels[0]: expected a whole number from 0 to 65535, got -1',
    ],
    [
      'no test set',
      ({ test: _, ...a }) => a,
      TypeError,
      'test: expected samples: { images, labels }, got nothing',
    ],
  ])('of arrays: %s', (_, change, kind, message) => {
    expect(() => datasetOf(wrong(change(arrays())))).toThrow(new kind(message));
  });

  /** The data set with a change in its training samples. */
  const spoilt = (train: object): Dataset => ({ ...good, train: { ...good.train, ...train } });
  const labels = (label: number) => {
    const spoiltLabels = good.train.targets.slice();
    spoiltLabels[7] = label;
    return spoiltLabels;
  };

  test.each<[string, unknown, ErrorConstructor, string]>([
    [
      'none',
      undefined,
      TypeError,
      'dataset: expected a data set, as openDataset or datasetOf gives it, got nothing',
    ],
    [
      'a label outside the classes, which would be written outside its row',
      spoilt({ targets: labels(7) }),
      RangeError,
      'dataset.train.targets[7]: expected a class from 0 to 2, got 7',
    ],
    [
      'floats for pixels',
      spoilt({ features: new Float32Array(48) }),
      TypeError,
      'dataset.train.features: expected bytes 0 to 255 (a Uint8Array), got Float32Array of 48',
    ],
    [
      'images that are too short',
      spoilt({ features: good.train.features.subarray(0, 40) }),
      RangeError,
      'dataset.train.features: expected 48 bytes, 12 images of 4 pixels, got 40',
    ],
    [
      'too few labels',
      spoilt({ targets: good.train.targets.subarray(1) }),
      RangeError,
      'dataset.train.targets: expected 12 labels, got 11',
    ],
    [
      'no samples at all',
      spoilt({ count: 0 }),
      RangeError,
      'dataset.train.count: expected a whole number from 1 to 9007199254740991, got 0',
    ],
  ])('to train on: %s', async (_, dataset, kind, message) => {
    const options = { dataset: wrong<Dataset>(dataset), executor: inline() };
    await expect(events(defineExperiment(settings), options)).rejects.toThrow(new kind(message));
  });

  test('to be digested is checked, too', () => {
    expect(() => datasetDigest(wrong({}))).toThrow(
      new TypeError('dataset.features: expected what a sample is: { kind, shape }, got nothing'),
    );
  });
});

describe('train', () => {
  const dataset = datasetOf(arrays());
  const experiment = defineExperiment(settings);
  const executor = inline();

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'no executor',
      () => events(experiment, wrong({ dataset })),
      'options.executor: expected threads(n) or inline(), got nothing',
    ],
    [
      'no options',
      () => events(experiment, wrong(undefined)),
      'options: expected an object with dataset and executor, got nothing',
    ],
    [
      'an option that does not exist',
      () => events(experiment, wrong({ dataset, executor, thread: 3 })),
      'options: expected only dataset, executor, crew, profile, signal, locate, test, pretrained, got "thread"',
    ],
    [
      'a signal that is none',
      () => events(experiment, wrong({ dataset, executor, signal: {} })),
      'options.signal: expected an AbortSignal, got {}',
    ],
    [
      'nothing to judge by',
      () => {
        const { features, targets } = dataset.test;
        const test = { count: 0, features: features.slice(0, 0), targets: targets.slice(0, 0) };
        return events(experiment, { dataset: wrong<Dataset>({ ...dataset, test }), executor });
      },
      'dataset.test.count: expected 1 or more, or `test: false` in the options, got 0',
    ],
    [
      'the text of an experiment',
      () => events(wrong('mnist'), { dataset, executor }),
      'experiment: expected an experiment, as readExperiment or defineExperiment gives it, got "mnist"',
    ],
    [
      'all that readExperiment gives',
      () =>
        events(wrong(readExperiment(canonicalText(experiment), { file: 'x', name: 'x' })), {
          dataset,
          executor,
        }),
      'experiment: expected an experiment, got what readExperiment gives; take its .experiment',
    ],
    [
      'settings without their defaults',
      () => events(wrong(settings), { dataset, executor }),
      'experiment.name: expected the setting of a resolved experiment, got nothing; use defineExperiment()',
    ],
    [
      'a setting that was changed into a wrong one',
      () => events({ ...experiment, batchSize: -4 }, { dataset, executor }),
      'experiment.batchSize: expected an integer at least 1 or "full", got -4',
    ],
  ])('%s', async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });

  test('crew is the old name of executor', async () => {
    const [old, now] = [
      await events(experiment, { dataset, crew: executor }),
      await events(experiment, { dataset, executor }),
    ];
    const digest = (all: TrainEvent[]) =>
      all.flatMap((event) => (event.kind === 'end' ? event.weightsSha256 : []));
    expect(digest(old)).toEqual(digest(now));
    expect(digest(old)).toHaveLength(1);
  });
});

describe('defineExperiment', () => {
  test('is what the same text gives', () => {
    const { experiment } = readExperiment(JSON.stringify(settings), { file: 'x', name: 'experiment' });
    expect(defineExperiment(settings)).toEqual(experiment);
    expect(canonicalText(defineExperiment(settings))).toBe(canonicalText(experiment));
  });

  test.each<[string, unknown, string]>([
    [
      'units',
      { ...settings, model: [{ kind: 'dense', units: 0 }] },
      'model[0].units: expected an integer at least 1',
    ],
    ['a layer', { ...settings, model: ['dens'] }, 'model[0]: unknown layer "dens"; did you mean "dense"?'],
    ['a setting', { ...settings, epoch: 3 }, 'epoch: unknown setting "epoch"; did you mean "epochs"?'],
    [
      'a setting that is missing',
      { ...settings, optimizer: undefined },
      'experiment: setting "optimizer" is missing in the experiment',
    ],
    [
      'both lengths',
      { ...settings, steps: 3 },
      'steps: expected either epochs or steps, the length of the training, got both',
    ],
  ])('names %s by its path', (_, given, message) => {
    const define = () => defineExperiment(wrong(given));
    expect(define).toThrow(LockstepError);
    expect(define).toThrow(message);
  });

  test('wants an object', () => {
    const message =
      'experiment: expected an object of settings: model, optimizer, batchSize, epochs, got "mnist"';
    expect(() => defineExperiment(wrong('mnist'))).toThrow(new TypeError(message));
  });
});

describe('a model', () => {
  const dataset = syntheticDataset({ train: 203, test: 97 });
  const experiment = defineExperiment({ ...settings, data: { validation: 40 } });
  let model: SavableModel;
  let seen: TrainEvent[];
  beforeAll(async () => {
    seen = await events(experiment, { dataset, executor: inline() });
    const end = seen.at(-1)!;
    if (end.kind === 'end') model = end.model;
  });

  test('is there at the end, and gives the figures of the training', () => {
    const end = seen.at(-1)!;
    expect(end.kind === 'end' && model.evaluate(dataset.test)).toStrictEqual(end.kind === 'end' && end.test);
    const { count, features } = dataset.test;
    const { outputs } = model;
    expect(outputs).toBe(7);
    const probabilities = model.probabilities(features);
    expect(probabilities).toEqual(model.probabilities({ count, features }));
    const largest = (image: number) => {
      const row = probabilities.subarray(image * outputs, (image + 1) * outputs);
      return row.indexOf(row.reduce((a, b) => Math.max(a, b)));
    };
    expect([...model.predict(features)]).toEqual(Array.from({ length: count }, (_, image) => largest(image)));
  });

  test('is no part of a copy or of a printed event, so that nobody makes one unasked', () => {
    const { model: _, ...rest } = { ...seen.at(-1)! } as { model?: unknown };
    expect(_).toBeUndefined();
    expect(Object.keys(rest)).not.toContain('model');
  });

  test('writes a folder that openRun reads, and only into a new one', async () => {
    const folder = join(await temporaryFolder(), 'run');
    const summary = await model.save(folder);
    const run = await openRun(folder);
    expect(run.summary).toEqual(summary);
    expect(run.experiment).toEqual(experiment);
    expect(run.evaluate(dataset.test)).toStrictEqual(model.evaluate(dataset.test));
    const metrics = await readFile(join(folder, 'metrics.csv'), 'utf8');
    expect(metrics.trimEnd().split('\n')).toHaveLength(1 + 2);
    await expect(model.save(folder)).rejects.toThrow('expected a new or empty folder');
    await expect(model.save(wrong(7))).rejects.toThrow('folder: expected the path of a folder, got 7');
  });

  test.each<[string, (m: SavableModel) => unknown, string]>([
    [
      'floats',
      (m) => m.predict(wrong(new Float32Array(144))),
      'rows: expected bytes (a Uint8Array), got Float32Array of 144',
    ],
    [
      'half an image',
      (m) => m.predict(new Uint8Array(100)),
      'rows: expected a multiple of 144 bytes, the pixels of an image, got 100',
    ],
    [
      'a count that is not theirs',
      (m) => m.probabilities({ count: 2, features: wrong(new Uint8Array(144)) }),
      'rows.features: expected 288 bytes',
    ],
    [
      'a label of no class',
      (m) => m.evaluate({ ...dataset.test, targets: wrong(new Uint8Array(97).fill(99)) }),
      `samples.targets[0]: expected a class from 0 to 6, got 99`,
    ],
  ])('refuses %s', (_, call, message) => {
    expect(() => call(model)).toThrow(message);
  });
});

describe('every other function', () => {
  test.each<[string, () => unknown, string]>([
    [
      'openDataset',
      () => openDataset(wrong(undefined)),
      'source: expected `mnist`, `two-moons`, `spirals`, or the path of a folder or file, got nothing',
    ],
    ['openRun', () => openRun(wrong(3)), 'folder: expected the path of a run folder, got 3'],
    ['readPng', () => readPng(wrong({})), 'file: expected the path of a PNG file, got {}'],
    ['openTrials', () => openTrials(wrong(null)), 'path: expected the path of trials.jsonl, got null'],
    [
      'checkGradients',
      () => checkGradients(defineExperiment(settings), wrong(1)),
      'dataset: expected a data set',
    ],
    [
      'checkGradients, an option',
      () => checkGradients(defineExperiment(settings), datasetOf(arrays()), wrong({ sample: 3 })),
      'options: expected only samples, everyEntryUpTo, directions, entries, threshold, onTensor, ' +
        'onProgress, got "sample"',
    ],
    [
      'runSweep',
      async () => {
        for await (const _ of runSweep(wrong({}), wrong({})));
      },
      'file: expected a sweep, as readSweep gives it, got {}',
    ],
  ])('%s', async (_, call, message) => {
    await expect((async () => call())()).rejects.toThrow(message);
  });

  test.each<[string, () => unknown, string]>([
    [
      'readExperiment',
      () => readExperiment(wrong(7), { file: 'x', name: 'x' }),
      'text: expected the text of an experiment, in YAML, got 7',
    ],
    [
      'readExperiment, options',
      () => readExperiment('', wrong(undefined)),
      'options: expected an object with file and name, got nothing',
    ],
    [
      'readSweep',
      () => readSweep('', wrong({ file: 'x', name: 'x' })),
      'options.open: expected a function that finds an experiment, got nothing',
    ],
    ['parseOverride', () => parseOverride(wrong(1)), 'override: expected path=value, got 1'],
    ['canonicalText', () => canonicalText(wrong(null)), 'experiment: expected an experiment, got null'],
    [
      'fingerprint',
      () => fingerprint(wrong({})),
      'experiment.data: expected the data settings of an experiment, got nothing',
    ],
    ['decodePng', () => decodePng(wrong('png'), 'x.png'), 'bytes: expected bytes (a Uint8Array), got "png"'],
    [
      'prepareImage',
      () => prepareImage({ height: 2, width: 2, rgba: new Uint8Array(3) }, { height: 2, width: 2 }),
      'picture.rgba: expected 16 bytes, four for each pixel, got 3',
    ],
    [
      'classMetrics',
      () => classMetrics({ classes: 3, counts: new Uint32Array(4) }),
      'confusion.counts: expected 9 counts, a row for each class, got 4',
    ],
    [
      'weightsDigest',
      () => weightsDigest(wrong([{ values: [1] }])),
      'weights[0].values: expected a Float32Array, got [1]',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  test('experimentSchema needs nothing', () => {
    expect(experimentSchema()).toEqual(experimentSchema({ short: false }));
  });

  test('an executor of one’s own is welcome', async () => {
    let started = 0;
    const own: Executor = {
      ...inline(),
      start(task, steps) {
        started++;
        return inline().start(task, steps);
      },
    };
    await events(defineExperiment(settings), { dataset: datasetOf(arrays()), executor: own });
    expect(started).toBe(1);
  });
});
