// Tables, values, flags, colours and made points: the bits of their trainings
// (scripts/golden-experiments.mjs).
import { describe, expect, test } from 'vitest';
import { columnsOf, type Dataset, type FeatureArray, type TargetArray } from '#lockstep/data/dataset.js';
import { datasetDigest } from '#lockstep/data/digest.js';
import { pickSamples } from '#lockstep/data/test-split.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import {
  committedGolden,
  goldenTaskRun,
  goldenTasks,
  resolve,
  runToEnd,
  type Settings,
} from '../scripts/golden.mjs';

const names = ['table', 'values', 'flags', 'colour', 'two-moons', 'spirals'] as const;

const digest = async (settings: Settings, dataset: Dataset) =>
  (await runToEnd(resolve(settings), dataset, inline())).end.weightsSha256;

/** The data with one other number among the features or targets of the training samples. */
function withNumber(
  dataset: Dataset,
  part: 'features' | 'targets',
  index: number,
  change: (before: number) => number,
): Dataset {
  const before = dataset.train[part];
  const numbers = new (before.constructor as Float64ArrayConstructor)(
    new SharedArrayBuffer(before.byteLength),
  );
  numbers.set(before);
  numbers[index] = change(before[index]!);
  expect(numbers[index]).not.toBe(before[index]);
  return { ...dataset, train: { ...dataset.train, [part]: numbers as FeatureArray & TargetArray } };
}

describe.each(names)('%s', (name) => {
  const { settings, dataset: make } = goldenTasks[name];
  const dataset = make();
  const committed = committedGolden()[name];

  test('digests, figures and end are as committed (before a change see scripts/golden.mjs)', async () => {
    expect(await goldenTaskRun(settings, dataset, inline())).toStrictEqual(committed);
  });

  test.each([1, 2, 3, 8])('%i threads give the committed ones', async (count) => {
    expect(await goldenTaskRun(settings, dataset, threads(count))).toStrictEqual(committed);
  });

  test('another seed, and one other number, give other digests', async () => {
    // No sample is held out, so that each has its part in the weights.
    const { earlyStopping: _, ...rest } = settings;
    const data = { ...(settings.data as Settings), validation: 0 };
    const plain = { ...rest, data, schedule: 'constant', epochs: 2 };
    const before = await digest(plain, dataset);
    expect(await digest({ ...plain, seed: 1 }, dataset)).not.toBe(before);
    const { features, targets } = dataset.train;
    for (const at of [0, Math.floor(features.length / 2), features.length - 1]) {
      const cell = features.findIndex((value, index) => index >= at && value > 0);
      const place = cell < 0 ? 0 : cell;
      // The index of a word becomes that of another; a number or a pixel, one that is a little less.
      const other = withNumber(dataset, 'features', place, (value) => (value > 0 ? value - 1 : value + 1));
      expect(datasetDigest(other)).not.toBe(committed.dataSha256);
      if (!isConstant(dataset, place)) expect(await digest(plain, other)).not.toBe(before);
    }
    for (const at of [0, targets.length - 1]) {
      const other = withNumber(dataset, 'targets', at, (value) => (value > 0 ? value - 1 : value + 1));
      expect(datasetDigest(other)).not.toBe(committed.dataSha256);
      expect(await digest(plain, other)).not.toBe(before);
    }
  });

  test('the test set reaches neither the weights nor what is fitted', async () => {
    const rows = Uint32Array.from({ length: 40 }, (_, i) => 3 * i);
    const test = pickSamples(dataset.train, rows, columnsOf(dataset.features), dataset);
    const other = { ...dataset, test };
    const { weightsSha256, signatureSha256 } = await goldenTaskRun(settings, other, inline());
    expect({ weightsSha256, signatureSha256 }).toEqual({
      weightsSha256: committed.weightsSha256,
      signatureSha256: committed.signatureSha256,
    });
  });
});

/** Whether a column says nothing, so that the preparation makes 0 of it. */
const isConstant = ({ features }: Dataset, place: number) =>
  features.kind === 'floats' && features.columns[place % features.columns.length]!.name === 'constant';

test.each<[keyof typeof goldenTasks, string, Settings]>([
  ['table', 'weights of classes', { classWeights: [1, 2, 3] }],
  ['table', 'no weights of classes', { classWeights: undefined }],
  ['table', 'rule for gaps', { data: { validation: 0.2, missing: 'mean' } }],
  ['table', 'scaling', { data: { validation: 0.2, missing: 'category', preparation: 'min-max' } }],
  ['table', 'patience', { earlyStopping: { metric: 'f1', patience: 12 } }],
  ['values', 'delta', { loss: { kind: 'huber', delta: 0.7 } }],
  ['values', 'loss', { loss: 'mean-absolute-error' }],
  [
    'values',
    'figure of the plateau',
    { schedule: { kind: 'reduce-on-plateau', metric: 'mae', patience: 0 } },
  ],
  ['flags', 'scaling', { data: { validation: 60, missing: 'mean' } }],
  ['colour', 'augmentation', { augmentation: ['elastic', 'flip'] }],
])('%s: another setting, %s, gives another digest', async (name, _, change) => {
  const { settings, dataset } = goldenTasks[name];
  const changed = JSON.parse(JSON.stringify({ ...settings, ...change })) as Settings;
  expect(await digest(changed, dataset())).not.toBe(committedGolden()[name].weightsSha256);
});

test('colours: an augmentation that moves nothing gives the bits of none, in every channel', async () => {
  const { settings, dataset } = goldenTasks.colour;
  const short = { ...settings, epochs: 2, schedule: 'constant' };
  const still = { ...short, augmentation: [{ kind: 'flip', probability: 0 }] };
  const none = { ...short, augmentation: [] };
  expect(await digest(still, dataset())).toBe(await digest(none, dataset()));
});
