// One step, explained: its numbers are those of the training, bit for bit, and those of the textbook.
import { describe, expect, test } from 'vitest';
import { spirals } from '#lockstep/data/made/spirals.js';
import { twoMoons } from '#lockstep/data/made/two-moons.js';
import { fitData, shapeOf } from '#lockstep/data/split.js';
import { planNetwork } from '#lockstep/model/network.js';
import { writeNumbers } from '#lockstep/model/weights.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import { type ExplainedLayer, type ExplainedStep, explainStep } from '#lockstep/training/explain-step.js';
import { prepareStep } from '#lockstep/training/one-step.js';
import { train } from '#lockstep/training/train.js';
import { goldenTasks } from '../../scripts/golden.mjs';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';
import { error } from '../support/vectors.ts';

const dense = (units: number | 'classes' | 'targets', more = {}) => ({ kind: 'dense', units, ...more });
const moons = twoMoons({ samples: 60, noise: 0.2 });
const pictures = tinyDataset({ train: 50 });

/** All numbers of a parameter, by name. */
const numbersOf = ({ layers }: ExplainedStep, which: 'before' | 'after') =>
  Object.fromEntries(layers.flatMap(({ parameters }) => parameters.map((p) => [p.id, [...p[which]]])));

describe('a network of 2-3-2, in float64, as one would do it on paper', () => {
  const model = [dense(3), 'tanh', dense('classes')];
  const settings = {
    model,
    kernels: 'reference',
    batchSize: 1,
    optimizer: { kind: 'sgd', learningRate: 0.5 },
  };

  test.each([1, 5])('step %i', async (step) => {
    const { sample, layers, minibatch } = await explainStep(tinyExperiment(settings), moons, { step });
    const [first, bend, last] = layers as [ExplainedLayer, ExplainedLayer, ExplainedLayer];
    const [W, b, V, c] = [...first.parameters, ...last.parameters].map(({ before }) => [
      ...before,
    ]) as number[][];
    const x = [...sample.prepared];
    const [hidden, classes] = [
      [0, 1, 2],
      [0, 1],
    ];
    const a = hidden.map((j) => x[0]! * W![j]! + x[1]! * W![3 + j]! + b![j]!);
    const h = a.map(Math.tanh);
    const z = classes.map((k) => hidden.reduce((sum, j) => sum + h[j]! * V![2 * j + k]!, c![k]!));
    const powers = z.map(Math.exp);
    const p = powers.map((power) => power / (powers[0]! + powers[1]!));
    const [label] = sample.target as [number];
    const dz = classes.map((k) => p[k]! - (k === label ? 1 : 0));
    const dh = hidden.map((j) => dz[0]! * V![2 * j]! + dz[1]! * V![2 * j + 1]!);
    const da = dh.map((value, j) => value * (1 - h[j]! ** 2));
    const gradients = [
      x.flatMap((value) => da.map((slope) => value * slope)),
      da,
      h.flatMap((value) => dz.map((slope) => value * slope)),
      dz,
    ];

    const near = (found: ArrayLike<number>, expected: number[]) =>
      expect(error([...Array.from(found)], expected)).toBeLessThan(1e-13);
    near(first.output, a);
    near(bend.output, h);
    near(last.output, z);
    near(sample.probabilities!, p);
    near([sample.loss], [-Math.log(p[label]!)]);
    near(last.gradient!, dz);
    near(bend.gradient!, dh);
    near(first.gradient!, da);
    for (const [i, { before, gradient, own, after }] of [...first.parameters, ...last.parameters].entries()) {
      near(gradient!, gradients[i]!);
      // The minibatch is the sample.
      expect(own).toEqual(gradient);
      near(
        after,
        [...before].map((weight, at) => weight - 0.5 * gradients[i]![at]!),
      );
    }
    expect(minibatch).toEqual({ samples: [sample.number], loss: sample.loss, clipped: 1 });
    expect([sample.row, sample.trainedIn]).toEqual([1, step]);
    const index = sample.number - 1;
    expect(sample.features).toEqual([...moons.train.features.subarray(2 * index, 2 * index + 2)]);
  });
});

describe('the bits of the training', () => {
  const residual = { kind: 'residual', layers: [dense(6), 'relu', dense(6)] };
  test.each<[string, object, ReturnType<typeof tinyDataset>]>([
    [
      'pictures as lists, layers in place, momentum, a schedule',
      {
        model: [dense(9), 'relu', { kind: 'dropout', rate: 0.3 }, dense('classes')],
        optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 },
        schedule: 'cosine',
      },
      pictures,
    ],
    [
      'distorted pictures',
      { model: [dense(5), 'gelu', dense('classes')], augmentation: ['elastic'] },
      pictures,
    ],
    [
      'a residual block, adam, a norm that is too long',
      {
        model: [dense(6), residual, 'relu', dense('classes')],
        optimizer: { kind: 'adam', learningRate: 0.01, clipNorm: 0.05 },
      },
      pictures,
    ],
    [
      'batch normalisation, a frozen layer',
      {
        model: [dense(6, { freeze: true }), 'batch-norm', 'silu', dense('classes')],
      },
      pictures,
    ],
    [
      'layer normalisation, weights of classes, float64',
      {
        model: [dense(6), 'layer-norm', 'elu', dense('classes')],
        classWeights: 'balanced',
        kernels: 'reference',
      },
      moons,
    ],
    [
      'a schedule that follows the training',
      {
        model: [dense(4), 'tanh', dense('classes')],
        data: { validation: 10 },
        schedule: { kind: 'reduce-on-plateau', metric: 'loss', factor: 0.5, patience: 0 },
        optimizer: { kind: 'sgd', learningRate: 2 },
      },
      moons,
    ],
    [
      'values',
      { ...goldenTasks.values.settings, earlyStopping: undefined },
      goldenTasks.values.dataset({ train: 60 }),
    ],
    [
      'flags',
      { ...goldenTasks.flags.settings, earlyStopping: undefined },
      goldenTasks.flags.dataset({ train: 60 }),
    ],
  ])('%s', async (_, settings, dataset) => {
    const experiment = tinyExperiment({
      batchSize: 8,
      ...JSON.parse(JSON.stringify(settings)),
      epochs: 3,
      data: { validation: 10, missing: 'mean' },
    });
    const follows = experiment.schedule.kind === 'reduce-on-plateau';
    const steps = new Map<number, { parameters: Record<string, number[]>; rate: number; loss: number }>();
    const each = follows ? experiment : { ...experiment, evaluateEvery: { steps: 1 } };
    for await (const event of train(each, { dataset, executor: threads(2) })) {
      if (event.kind !== 'epoch') continue;
      const ids = Object.keys(numbersOf(await shown(experiment, dataset), 'after'));
      const parameters = Object.fromEntries(ids.map((id) => [id, [...event.parameter(id)!.values]]));
      steps.set(event.step, { parameters, rate: event.learningRate, loss: event.train.loss });
    }
    const asked = [...steps.keys()].filter((step) => follows || [2, 6, steps.size].includes(step));
    expect(asked.length).toBeGreaterThan(2);
    for (const step of asked) {
      const explained = await explainStep(experiment, dataset, { step });
      const expected = steps.get(step)!;
      const after = numbersOf(explained, 'after');
      // Weights are float32 outside of the kernels.
      for (const id of Object.keys(after)) after[id] = after[id]!.map(Math.fround);
      expect(after).toEqual(expected.parameters);
      expect(explained.learningRate).toBe(expected.rate);
      if (follows) continue;
      expect(explained.minibatch.loss).toBe(expected.loss);
      const before = numbersOf(explained, 'before');
      for (const id of Object.keys(before)) before[id] = before[id]!.map(Math.fround);
      expect(before).toEqual(steps.get(step - 1)!.parameters);
    }
  });

  const first = new Map<unknown, Promise<ExplainedStep>>();
  /** The first step, explained once. */
  function shown(experiment: Parameters<typeof explainStep>[0], dataset: typeof moons) {
    const found = first.get(experiment) ?? explainStep(experiment, dataset);
    first.set(experiment, found);
    return found;
  }
});

describe('what a sample asks for by itself', () => {
  const model = [dense(7), 'relu', { kind: 'dropout', rate: 0.2 }, dense('classes')];
  const experiment = tinyExperiment({ model, batchSize: 6 });

  test('is the gradient of a minibatch of it, and the mean over the minibatch is that of the step', async () => {
    const { minibatch, layers } = await explainStep(experiment, pictures);
    expect(minibatch.samples).toHaveLength(6);
    const all = await Promise.all(
      minibatch.samples.map((sample) => explainStep(experiment, pictures, { sample, step: 1 })),
    );
    expect(all.map(({ sample }) => sample.row)).toEqual([1, 2, 3, 4, 5, 6]);
    const losses = all.map(({ sample }) => sample.loss);
    expect(losses.reduce((a, b) => a + b) / 6).toBe(minibatch.loss);
    const signature = fitData(experiment, pictures, (path) => path);
    const network = planNetwork(
      model.map((layer) => (typeof layer === 'string' ? { kind: layer } : layer)) as typeof experiment.model,
      shapeOf(signature),
    );
    for (const one of all) {
      const set = {
        samples: pictures.train,
        order: Uint32Array.of(one.sample.number - 1),
        count: 1,
        packed: undefined,
      };
      const { seed, loss, kernels } = experiment;
      const step = prepareStep(planNetwork(experiment.model, shapeOf(signature)), {
        seed,
        loss,
        kernels,
        signature,
        classWeights: undefined,
        set,
      });
      const parameters = one.layers.flatMap((layer) => layer.parameters);
      writeNumbers(
        step.elements,
        network.parameters,
        step.map.parameters,
        parameters.map(({ before: values }) => ({ values })),
      );
      expect(parameters.map(({ own }) => [...own!])).toEqual(
        step.gradients().map((gradient) => [...gradient]),
      );
    }
    for (const [l, layer] of layers.entries()) {
      for (const [p, { gradient }] of layer.parameters.entries()) {
        const sums = [...gradient!].map((_, i) =>
          all.reduce((sum, one) => sum + one.layers[l]!.parameters[p]!.own![i]! / 6, 0),
        );
        expect(error([...gradient!], sums)).toBeLessThan(1e-6);
      }
    }
  });

  test('a sample that a step does not train on is seen as in a minibatch of all', async () => {
    const full = tinyExperiment({ model, batchSize: 'full' });
    for (let sample = 1; sample <= 8; sample++) {
      const [apart, among] = [
        await explainStep(experiment, pictures, { sample, step: 1 }),
        await explainStep(full, pictures, { sample }),
      ];
      expect(among.sample.row).toBeGreaterThan(0);
      expect(apart.layers.map(({ output, gradient }) => ({ output, gradient }))).toEqual(
        among.layers.map(({ output, gradient }) => ({ output, gradient })),
      );
      const { row: _, trainedIn: _t, ...own } = apart.sample;
      expect(among.sample).toMatchObject(own);
      const other = await explainStep(experiment, pictures, { sample });
      expect([other.sample.row !== undefined, other.step]).toEqual([true, apart.sample.trainedIn]);
    }
  });
});

test('layers that work in place show their own output, and the gradient of it', async () => {
  const model = [dense(12), 'relu', dense(12), 'leaky-relu', dense('classes')];
  const { layers } = await explainStep(tinyExperiment({ model }), pictures, { sample: 3 });
  const [before, after] = layers as [ExplainedLayer, ExplainedLayer];
  expect(before.output.some((value) => value < 0)).toBe(true);
  expect([...after.output]).toEqual([...before.output].map((value) => Math.max(value, 0)));
  expect([...before.gradient!]).toEqual(
    [...after.gradient!].map((slope, i) => (before.output[i]! > 0 ? slope : 0)),
  );
});

test('a residual block gives the sum of its paths', async () => {
  const block = { kind: 'residual', layers: [dense(5), 'tanh', dense(4)], shortcut: [dense(4)] };
  const model = [dense(4), block, 'relu', dense('classes')];
  const { layers } = await explainStep(tinyExperiment({ model }), pictures);
  expect(layers.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
    'model[0] dense',
    'model[1].layers[0] dense',
    'model[1].layers[1] tanh',
    'model[1].layers[2] dense',
    'model[1].shortcut[0] dense',
    'model[1] residual',
    'model[2] relu',
    'model[3] dense',
  ]);
  const [end, shortcut, sum] = [3, 4, 5].map((l) => layers[l]!) as [
    ExplainedLayer,
    ExplainedLayer,
    ExplainedLayer,
  ];
  expect([...sum.output]).toEqual(
    [...end.output].map((value, i) => Math.fround(value + shortcut.output[i]!)),
  );
  expect(end.gradient).toEqual(sum.gradient);
  expect(shortcut.gradient).toEqual(sum.gradient);
});

describe('what cannot be shown is told', () => {
  const model = [dense(4), 'tanh', dense('classes')];
  const experiment = tinyExperiment({ model, data: { validation: 8 }, batchSize: 8, epochs: 2 });

  test.each<[object, string]>([
    [{ sample: 49 }, 'sample: expected a training sample from 1 to 48, got 49'],
    [{ sample: 0 }, 'sample: expected a training sample from 1 to 48, got 0'],
    [{ step: 11 }, 'step: expected a step of the training from 1 to 10, got 11'],
    [{ step: 1.5 }, 'step: expected a step of the training from 1 to 10, got 1.5'],
    [{ steps: 1 }, 'options: expected only sample, step, locate, onProgress, got "steps"'],
  ])('%j', async (options, message) => {
    await expect(explainStep(experiment, moons, options)).rejects.toThrow(message);
  });

  test('a sample that is held out is in no step, but can be seen', async () => {
    const { validation } = fitData(experiment, moons, (path) => path);
    const { sample, step } = await explainStep(experiment, moons, { sample: validation[0]! + 1 });
    expect([step, sample.row, sample.trainedIn]).toEqual([1, undefined, undefined]);
    expect(sample.loss).toBeGreaterThan(0);
  });

  test('batch normalisation sees whole minibatches only', async () => {
    const normed = {
      ...experiment,
      model: tinyExperiment({ model: [dense(4), 'batch-norm', dense('classes')] }).model,
    };
    const { minibatch, layers } = await explainStep(normed, moons, { step: 2 });
    expect(layers.flatMap(({ parameters }) => parameters.map(({ own }) => own))).not.toContainEqual(
      expect.anything(),
    );
    const [sample] = minibatch.samples;
    await expect(explainStep(normed, moons, { step: 1, sample: sample! })).rejects.toThrow(
      `sample: expected a sample of step 1, because batch-norm (model[1]) looks at its whole minibatch, ` +
        `got ${sample}; it is in step 2`,
    );
  });

  test('a training that has ended, or diverged, before', async () => {
    const stopped = tinyExperiment({
      ...{ model, data: { validation: 8 }, batchSize: 8, epochs: 50 },
      earlyStopping: { metric: 'loss', patience: 1, minDelta: 10 },
    });
    await expect(explainStep(stopped, moons, { step: 100 })).rejects.toThrow(
      'step: expected a step before early stopping ended the training of 250 steps, got 100',
    );
    const wild = tinyExperiment({
      model: [dense(4), 'relu', dense('classes')],
      optimizer: { kind: 'sgd', learningRate: 1e30 },
      epochs: 9,
    });
    await expect(explainStep(wild, moons, { step: 30 })).rejects.toThrow('diverged');
  });
});

test('progress is heard', async () => {
  const heard: number[] = [];
  const experiment = tinyExperiment({ model: [dense('classes')], batchSize: 6, epochs: 4 });
  const data = spirals({ samples: 60 });
  await explainStep(experiment, data, { step: 20, onProgress: (done, of) => heard.push(done, of) });
  expect(heard).toEqual([0, 19, 8, 19, 16, 19]);
  expect(inline().threads).toBe(1);
});
