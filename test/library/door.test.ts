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
  datasetOf,
  decodePng,
  defineExperiment,
  type Executor,
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
  weightsDigest,
} from '#lockstep/index.js';
import { syntheticDataset } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';
import { arrays, events, settings, wrong } from '../support/library.ts';

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
      'options: expected only dataset, executor, crew, ' +
        'profile, signal, locate, test, pretrained, got "thread"',
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
      'source: expected `mnist`, `mnist-2000`, `two-moons`, `spirals`, or the path of a folder or file, ' +
        'got nothing',
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
