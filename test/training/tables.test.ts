// Tables from arrays, trained to the end: classes of words, values and flags, with gaps and categories.
import { describe, expect, test } from 'vitest';
import type { Dataset, Features } from '#lockstep/data/dataset.js';
import { datasetOf, type TableColumns, type TableDataset } from '#lockstep/data/from-arrays.js';
import { inWordsOf } from '#lockstep/data/preparation.js';
import { defineExperiment } from '#lockstep/experiment/define.js';
import { stream } from '#lockstep/foundation/random.js';
import type { Executor } from '#lockstep/parallel/executor.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import { openRun } from '#lockstep/run/open-run.js';
import { type LibraryEndEvent, train } from '#lockstep/run/train.js';
import { resolve, type Settings } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';
import { digests } from '../support/digests.ts';

const towns = ['Ulm', 'Bonn', 'Kiel'];

/** Houses: a price that follows from rooms, town and year of building, which is sometimes missing. */
function houses(part: string, count: number) {
  const random = stream(1, 'houses', part);
  const rows = Array.from({ length: count }, () => {
    const [rooms, town, year] = [1 + random.below(6), random.below(3), 1950 + random.below(70)];
    const price = 20_000 * rooms + 50_000 * town + 300 * (year - 1985) + 100_000 + 500 * random.normal();
    return { rooms, town: towns[town]!, year: random.below(10) === 0 ? null : year, price };
  });
  const column = <Name extends keyof (typeof rows)[number]>(name: Name) => rows.map((row) => row[name]);
  const price = column('price');
  return {
    rooms: column('rooms'),
    town: column('town'),
    year: column('year'),
    price,
    rent: price.map((value) => value / 250 - 40),
    size: price.map((value) => (value < 200_000 ? 'small' : value < 260_000 ? 'middle' : 'large')),
    dear: price.map((value) => (value > 230_000 ? 1 : 0)),
    far: column('town').map((name) => (name === 'Kiel' ? 1 : 0)),
  };
}

const [training, testing] = [houses('train', 330), houses('test', 70)];

function table(target: string | string[], more: Partial<TableDataset> = {}): Dataset {
  const wanted = ['rooms', 'town', 'year', ...[target].flat()];
  const only = (all: TableColumns) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name))) as TableColumns;
  return datasetOf({ target, train: only(training), test: only(testing), ...more });
}

const base: Settings = {
  data: { validation: 0.2, missing: 'category' },
  model: [{ kind: 'dense', units: 16 }, 'tanh', { kind: 'dense', units: 'targets' }],
  optimizer: { kind: 'adam', learningRate: 0.02 },
  batchSize: 33,
  epochs: 40,
};

/** Trains to the end. */
async function trained(dataset: Dataset, settings: Settings, executor: Executor = inline()) {
  const experiment = resolve({ ...base, ...settings });
  const epochs = [];
  for await (const event of train(experiment, { dataset, executor })) {
    if (event.kind === 'epoch') epochs.push({ train: event.train, validation: event.validation });
    if (event.kind === 'end') return { epochs, end: event };
  }
  throw new Error('the training did not end');
}

const cases: [string, Dataset, Settings, (figures: Record<string, unknown>) => void][] = [
  [
    'classes of words',
    table('size'),
    { loss: 'softmax-cross-entropy' },
    ({ accuracy }) => expect(accuracy).toBeGreaterThan(0.85),
  ],
  [
    'a value',
    table('price'),
    { loss: 'mean-squared-error' },
    ({ r2, rmse }) => {
      expect(r2).toBeGreaterThan(0.97);
      // In the user's unit. The prices deviate by some 50,000.
      expect(rmse).toBeGreaterThan(400);
      expect(rmse).toBeLessThan(9000);
    },
  ],
  [
    'two values',
    table(['price', 'rent']),
    { loss: 'huber' },
    ({ r2, columns }) => {
      expect(r2).toBeGreaterThan(0.97);
      expect(Object.keys(columns as object)).toEqual(['price', 'rent']);
    },
  ],
  [
    'flags',
    table(['dear', 'far'], { task: 'flags' }),
    { loss: 'binary-cross-entropy' },
    ({ accuracy, f1 }) => {
      expect(accuracy).toBeGreaterThan(0.85);
      expect(f1).toBeGreaterThan(0.85);
    },
  ],
];

describe.each(cases)('%s', (_, dataset, settings, expectFigures) => {
  test('are learnt, and one training gives the same bits inline and on 1, 2 and 3 threads', async () => {
    const { epochs, end } = await trained(dataset, settings);
    expectFigures({ ...end.test! });
    for (const count of [1, 2, 3]) {
      const other = await trained(dataset, settings, threads(count));
      expect(other.end.weightsSha256).toBe(end.weightsSha256);
      expect(digests(other.epochs)).toEqual(digests(epochs));
      expect(other.end.test).toEqual(end.test);
    }
  });

  test('the saved network gives the figures of the training', async () => {
    const { end } = await trained(dataset, { ...settings, epochs: 2 });
    const folder = `${await temporaryFolder()}/run`;
    await end.model.save(folder);
    const run = await openRun(folder);
    expect(run.signature).toEqual(end.signature);
    expect(run.evaluate(dataset.test)).toStrictEqual(end.test);
    expect(run.predict(dataset.test.features)).toEqual(end.model.predict(dataset.test.features));
  });
});

test('values are predicted in the user’s unit, from raw rows', async () => {
  const dataset = table(['price', 'rent']);
  const { end } = await trained(dataset, { loss: 'mean-squared-error' });
  const { count, features } = dataset.test;
  const predicted = end.model.predict({ count, features }) as Float64Array;
  expect(predicted).toBeInstanceOf(Float64Array);
  expect(predicted).toHaveLength(2 * count);
  // The figures are made of these very numbers.
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (predicted[2 * i]! - testing.price[i]!) ** 2;
  expect(end.test!.columns!.price!.rmse).toBeCloseTo(Math.sqrt(squares / count), 6);
  expect(() => end.model.probabilities(features)).toThrow(
    'probabilities: expected classes or flags, got values',
  );
  // One row alone has the same prediction.
  const one = end.model.predict(features.subarray(3 * 17, 3 * 18));
  expect([...one]).toEqual([...predicted.subarray(2 * 17, 2 * 18)]);
});

test('other units of values and columns are the same training', async () => {
  // Powers of 2 change no digit, so standardised numbers stay what they are.
  const scaled = (all: typeof training) => ({
    rooms: all.rooms.map((rooms) => rooms * 4),
    town: all.town,
    year: all.year.map((year) => year && year / 8),
    price: all.price.map((price) => price / 1024),
  });
  const { end } = await trained(table('price'), { loss: 'mean-squared-error', epochs: 3 });
  const other = datasetOf({ target: 'price', train: scaled(training), test: scaled(testing) });
  const { end: same } = await trained(other, { loss: 'mean-squared-error', epochs: 3 });
  expect(same.weightsSha256).toBe(end.weightsSha256);
  expect(same.test!.loss).toBe(end.test!.loss);
  expect(same.test!.rmse! * 1024).toBe(end.test!.rmse);
});

test('nothing of validation and test rows reaches the weights or the preparation', async () => {
  const dataset = table('price');
  const settings = { loss: 'mean-squared-error', epochs: 2 };
  const { end } = await trained(dataset, settings);
  const other = { ...testing, year: testing.year.map(() => 9e9), price: testing.price.map(() => -1) };
  const judged = await trained(table('price', { test: pickColumns(other) }), settings);
  expect(judged.end.weightsSha256).toBe(end.weightsSha256);
  expect(judged.end.signature).toEqual(end.signature);
});

const pickColumns = ({ rooms, town, year, price }: ReturnType<typeof houses>) => ({
  rooms,
  town,
  year,
  price,
});

test('1,000 classes: the matrix is a list, and the figures are those of the classes that occur', async () => {
  const random = stream(1, 'many classes');
  const part = (count: number) => {
    const a = Array.from({ length: count }, () => random.normal());
    return { a, label: a.map((value) => (value > 0 ? 999 : 3)) };
  };
  const dataset = datasetOf({ target: 'label', task: 'classes', train: part(300), test: part(50) });
  expect(dataset.targets).toEqual({ kind: 'classes', count: 1000 });
  expect(dataset.train.targets).toBeInstanceOf(Uint16Array);
  const { end } = await trained(dataset, { loss: 'softmax-cross-entropy', epochs: 30 });
  expect(end.test!.accuracy).toBeGreaterThan(0.9);
  expect(end.test!.f1).toBeGreaterThan(0.9);
  expect(end.test!.confusion!.counts).toBeUndefined();
  expect(end.test!.confusion!.pairs!.size).toBeLessThanOrEqual(4);
  const folder = `${await temporaryFolder()}/run`;
  await end.model.save(folder);
  expect((await openRun(folder)).evaluate(dataset.test)).toStrictEqual(end.test);
});

describe('what does not fit is refused before the training', () => {
  const run = (dataset: Dataset, settings: Settings) => trained(dataset, { ...settings, epochs: 1 });
  const dense = (units: number | string) => ({ kind: 'dense', units });
  test.each<[string, () => Promise<unknown>, string]>([
    [
      'a loss for classes on values',
      () => run(table('price'), { loss: 'softmax-cross-entropy' }),
      'loss: expected a loss for values, which the data has to predict, ' +
        'got softmax-cross-entropy, which is for classes; take',
    ],
    [
      'units: classes for values',
      () => run(table('price'), { loss: 'huber', model: [dense('classes')] }),
      'model[0].units: expected a number or `targets`, because the data has values to predict, got `classes`',
    ],
    [
      'another number of outputs',
      () => run(table(['price', 'rent']), { loss: 'huber', model: [dense(3)] }),
      'model[0].units: expected the network to end in 2 outputs, one for each column to predict, got 3; ' +
        'write `units: targets`',
    ],
    [
      'early stopping by a figure of another task',
      () => run(table('price'), { loss: 'huber', earlyStopping: { patience: 2, metric: 'f1' } }),
      'earlyStopping.metric: expected a figure of values: loss, rmse, mae, r2, got f1',
    ],
    [
      'a plateau of a figure of another task',
      () => run(table('size'), { schedule: { kind: 'reduce-on-plateau', metric: 'r2' } }),
      'schedule.metric: expected a figure of classes: loss, accuracy, precision, recall, f1, got r2',
    ],
  ])('%s', async (_, start, message) => {
    await expect(start()).rejects.toMatchObject({ code: 'usage' });
    await expect(start()).rejects.toThrow(message);
  });
});

test('early stopping and plateau follow figures of values, of which less is better', async () => {
  const settings = {
    loss: 'mean-squared-error',
    optimizer: { kind: 'sgd', learningRate: 0.3, momentum: 0.9 },
    earlyStopping: { patience: 4, metric: 'rmse' },
    schedule: { kind: 'reduce-on-plateau', metric: 'mae', patience: 1, factor: 0.5 },
    epochs: 60,
  };
  const { epochs, end } = await trained(table('price'), settings);
  const rmse = epochs.map(({ validation }) => validation!.rmse!);
  expect(end.best!.epoch).toBe(1 + rmse.indexOf(Math.min(...rmse)));
  expect(end.stoppedEarly).toBe(true);
  expect(epochs.length).toBe(end.best!.epoch + 4);
});

test('a word that the network has never seen is no error: its inputs are zeros', async () => {
  const own = datasetOf({
    target: 'kind',
    train: { word: ['a', 'b', 'a', 'b'], x: [1, 2, 3, 4], kind: ['p', 'q', 'p', 'q'] },
    test: { word: ['a'], x: [1], kind: ['p'] },
  });
  const experiment = defineExperiment({
    data: { validation: 0 },
    model: [{ kind: 'dense', units: 'classes' }],
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    batchSize: 4,
    epochs: 2,
  });
  let end: LibraryEndEvent | undefined;
  for await (const event of train(experiment, { dataset: own, executor: inline() })) {
    if (event.kind === 'end') end = event;
  }
  const { model } = end!;
  const given = {
    ...own.features,
    columns: [
      { kind: 'category', name: 'word', words: ['new', 'b'] },
      { kind: 'number', name: 'x' },
    ],
  } as Features;
  const cells = Float64Array.from([0, 2, 1, 2]);
  const [p0, q0, p1] = model.probabilities(cells, given);
  expect(p0! + q0!).toBeCloseTo(1, 12);
  expect(p0, 'no word is not the word b').not.toBe(p1);
  const ours = inWordsOf(own.features, given, Float64Array.from(cells) as never);
  expect([...ours]).toEqual([2, 2, 1, 2]);
  expect([...model.probabilities(ours)]).toEqual([...model.probabilities(cells, given)]);
  expect(() => model.probabilities(Float64Array.from([3, 2]))).toThrow(
    'or 2 for one that is not listed, got 3',
  );
});
