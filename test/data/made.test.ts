// Two moons and spirals: the points that their definitions say, from a seed of their own, and how they are
// asked for.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Dataset, Samples } from '#lockstep/data/dataset.js';
import { datasetDigest } from '#lockstep/data/digest.js';
import { spirals } from '#lockstep/data/made/spirals.js';
import { twoMoons } from '#lockstep/data/made/two-moons.js';
import { openData, openDataset } from '#lockstep/data/open-dataset.js';
import { openSamples } from '#lockstep/data/open-samples.js';
import { fitData } from '#lockstep/data/split.js';
import { readExperiment } from '#lockstep/experiment/read.js';
import { inline } from '#lockstep/parallel/inline.js';
import { runToEnd } from '../../scripts/golden.mjs';
import { tinyExperiment } from '../support/tiny.ts';

/** The points of a class, of both parts. */
function pointsOf({ train, test }: Dataset, label: number): [x: number, y: number][] {
  const of = ({ count, features, targets }: Samples) =>
    Array.from({ length: count }, (_, i) => i)
      .filter((i) => targets[i] === label)
      .map((i): [number, number] => [features[2 * i]!, features[2 * i + 1]!]);
  return [...of(train), ...of(test)];
}

describe('without noise', () => {
  test('the moons are half circles, and their points lie at equal distances', () => {
    const dataset = twoMoons({ samples: 101, noise: 0 });
    const [upper, lower] = [pointsOf(dataset, 0), pointsOf(dataset, 1)];
    expect([upper.length, lower.length]).toEqual([51, 50]);
    for (const [x, y] of upper)
      expect([Math.hypot(x, y), y >= -1e-15]).toEqual([expect.closeTo(1, 14), true]);
    for (const [x, y] of lower) {
      expect([Math.hypot(1 - x, 0.5 - y), y <= 0.5]).toEqual([expect.closeTo(1, 14), true]);
    }
    const angles = upper.map(([x, y]) => Math.atan2(y, x)).sort((a, b) => a - b);
    for (const [i, angle] of angles.entries()) expect(angle).toBeCloseTo((Math.PI * i) / 50, 12);
    // Where scikit-learn's make_moons(101, noise=None) begins and ends.
    expect(upper).toContainEqual([1, 0]);
    expect(lower.some(([x, y]) => x === 0 && y === 0.5)).toBe(true);
  });

  test.each([
    [2, 1.5],
    [3, 0.5],
    [5, 2],
  ])('%i arms of %d turns lie evenly in the disc', (arms, turns) => {
    const samples = 60 * arms;
    const dataset = spirals({ samples, noise: 0, arms, turns });
    for (let arm = 0; arm < arms; arm++) {
      const radii = pointsOf(dataset, arm).map(([x, y]) => {
        const radius = Math.hypot(x, y);
        const angle = 2 * Math.PI * (turns * radius + arm / arms);
        expect([x, y]).toEqual([
          expect.closeTo(radius * Math.cos(angle), 12),
          expect.closeTo(radius * Math.sin(angle), 12),
        ]);
        return radius;
      });
      for (const [i, radius] of radii.sort((a, b) => a - b).entries()) {
        expect(radius ** 2).toBeCloseTo((i + 1) / 60, 12);
      }
    }
  });
});

test('the noise has the deviation that was asked for', () => {
  const [clean, noisy] = [0, 0.25].map((noise) => twoMoons({ samples: 20_000, noise, seed: 4 })) as [
    Dataset,
    Dataset,
  ];
  const cells = noisy.train.features.length;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < cells; i++) {
    const by = noisy.train.features[i]! - clean.train.features[i]!;
    sum += by;
    squares += by * by;
  }
  expect(Math.abs(sum / cells)).toBeLessThan(0.006);
  expect(Math.sqrt(squares / cells)).toBeCloseTo(0.25, 2);
  expect(noisy.train.targets).toEqual(clean.train.targets);
});

test('the seed of the data makes them, and that of a training does not', async () => {
  const digest = (seed: number, data: object) =>
    openData(
      tinyExperiment({ seed, data: { source: 'spirals', validation: 0, ...data }, model: dense }),
    ).then(datasetDigest);
  const usual = await digest(1, {});
  expect(await digest(2, {})).toBe(usual);
  expect(await digest(1, { seed: 1, samples: 1000, noise: 0.03, turns: 1.5, arms: 2 })).toBe(usual);
  for (const other of [{ seed: 2 }, { samples: 999 }, { noise: 0.031 }, { turns: 1.6 }, { arms: 3 }]) {
    expect(await digest(1, other)).not.toBe(usual);
  }
});

const dense = [{ kind: 'dense', units: 'classes' }];

test('classes share the test set evenly, and the folds', async () => {
  const { train, test } = twoMoons({ samples: 200, testShare: 0.3 });
  const upper = ({ targets }: Samples) => targets.filter((label) => label === 0).length;
  expect([train.count, upper(train), test.count, upper(test)]).toEqual([140, 70, 60, 30]);
  const folds = await Promise.all(
    [1, 2, 3, 4].map((number) => openDataset('two-moons', { samples: 40, fold: { number, of: 4 } })),
  );
  expect(folds.map(({ train, test }) => [train.count, test.count])).toEqual(folds.map(() => [30, 10]));
  const points = folds.flatMap(({ test }) => [...test.features].map((value) => value.toString()));
  expect(new Set(points).size).toBe(80);
});

describe('what cannot be meant is refused', () => {
  test.each<[string, object, string]>([
    [
      'two-moons',
      { turns: 2 },
      'data.turns: expected a setting of two-moons: samples, noise, seed, got one of spirals',
    ],
    [
      'spirals',
      { target: 'x' },
      'data.target: expected a setting of spirals: samples, noise, seed, turns, arms, got one of files',
    ],
    [
      'two-moons',
      { tasks: ['values'] },
      'two-moons: expected values to predict, got classes; take the loss softmax-cross-entropy',
    ],
    [
      'mnist',
      { noise: 0.1 },
      'data.noise: expected the source two-moons or spirals, got mnist; remove the setting',
    ],
    [
      'mnist',
      { samples: 500 },
      'data.samples: expected the source two-moons or spirals, got mnist; ' +
        'data.training takes some of the training samples',
    ],
    [
      'two-mons',
      {},
      'two-mons: expected `mnist`, `mnist-2000`, `two-moons`, `spirals`, a file with a table or pictures, ' +
        'or a folder of pictures, got no such file or folder; did you mean two-moons?',
    ],
  ])('%s with %j', async (source, options, message) => {
    await expect(openDataset(source, options)).rejects.toThrow(message);
  });

  test.each<[object, string]>([
    [{ samples: 3 }, 'samples: expected a whole number from 10 to 1000000, got 3'],
    [{ noise: -1 }, 'noise: expected a number from 0 to 10, got -1'],
    [{ noise: '1' }, 'noise: expected a number from 0 to 10, got "1"'],
    [{ seed: 0.5 }, 'seed: expected a whole number from 0 to 9007199254740991, got 0.5'],
    [{ turns: Number.NaN }, 'turns: expected a number from 0.1 to 10, got NaN'],
    [{ arms: 11 }, 'arms: expected a whole number from 2 to 10, got 11'],
    [{ testShare: 1 }, 'testShare: expected a share between 0 and 1, got 1'],
    [{ moons: 2 }, 'spirals: expected only samples, noise, seed, testShare, fold, turns, arms, got "moons"'],
  ])('%j', (settings, message) => {
    expect(() => spirals(settings)).toThrow(message);
  });

  test('in a file, with its place', () => {
    const text =
      'data: { source: spirals, arms: 1 }\nmodel: [{ kind: dense, ' +
      'units: 2 }]\noptimizer: sgd\nbatchSize: 1\nepochs: 1\n';
    expect(() => readExperiment(text, { file: 'e.yaml', name: 'e' })).toThrow(
      'e.yaml:1:32 data.arms: expected an integer at least 2 and at most 10, got 1',
    );
  });
});

test('a trained network gets the test samples of its own settings, and no others', async () => {
  const settings = { samples: 50, noise: 0.2, seed: 9 };
  const dataset = twoMoons(settings);
  const signature = fitData(tinyExperiment({ model: dense }), dataset, (path) => path);
  const { samples, labelled, everySample } = await openSamples('two-moons', signature, settings, 'test');
  expect({ samples, labelled, everySample }).toEqual({
    samples: dataset.test,
    labelled: true,
    everySample: false,
  });
  await expect(openSamples('spirals', signature, settings, 'test')).rejects.toThrow(
    'spirals: expected columns "x", "y" with the classes "upper", "lower", as the network was trained on, ' +
      'got columns "x", "y" with the classes "arm 1", "arm 2"',
  );
});

describe('the experiments that ship', () => {
  test.each([
    ['two-moons', '3c3cebd15378b90aff02b9f3e3dffcddae2e3d8ce1bc4c166be0fcfa8d633076'],
    ['spirals', 'd4812e5920fcd2cfc6b6d856111f775f1d6ba06f26839b39e392947b3f2065df'],
  ])('%s is solved, with these bits', async (name, digest) => {
    const text = readFileSync(new URL(`../../experiments/${name}.yaml`, import.meta.url), 'utf8');
    const { experiment } = readExperiment(text, { file: name, name });
    const { end } = await runToEnd(experiment, await openData(experiment), inline());
    expect(end.test!.accuracy).toBeGreaterThanOrEqual(0.97);
    expect(end.weightsSha256).toBe(digest);
  });
});
