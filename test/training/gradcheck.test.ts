// The check itself. Every layer shows that it passes right gradients; here it must fail wrong ones.
import { afterEach, describe, expect, test } from 'vitest';
import type { Layer, LayerContext, LayerKind } from '#lockstep/contracts/layer.js';
import type { Matrix, Range } from '#lockstep/foundation/shapes.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { checkGradients, type GradientOptions, type TensorCheck } from '#lockstep/training/gradcheck.js';
import { placesOf } from '../support/kernel-space.ts';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

const layers = catalogue.layer as Map<string, LayerKind>;
const dataset = tinyDataset();

/** Adds a kind of layer under test: a changed copy of another kind. */
function plant(kind: string, change: (layer: Layer, site: LayerContext) => Layer): void {
  const original = layers.get(kind)!;
  const build: LayerKind['build'] = (config, site) => change(original.build(config, site), site);
  layers.set('planted', { ...original, kind: 'planted', build });
}

afterEach(() => layers.delete('planted'));

/** Checks a hidden planted layer. */
function check(settings: object = {}, options: GradientOptions = {}) {
  const { seed, model, ...rest } = tinyExperiment({
    model: [{ kind: 'dense', units: 6 }, 'relu', { kind: 'dense', units: 'classes' }],
  });
  const planted = { kind: 'planted', ...settings };
  return checkGradients({ ...rest, seed, model: [model[0]!, planted, model[2]!] }, dataset, options);
}

const failed = ({ tensors }: { tensors: TensorCheck[] }) =>
  tensors.filter(({ passed }) => !passed).map(({ id }) => id);

/** The places of the elements of some rows of a matrix. */
function rowsOf(matrix: Matrix, { first, count }: Range): number[] {
  return placesOf({ ...matrix, offset: matrix.offset + first * matrix.stride }, count);
}

test('feature maps, whose weights move thousands of rectifiers and maxima, pass with few kinks', async () => {
  const model = [
    { kind: 'conv', channels: 4, kernel: 5, padding: 2 },
    'relu',
    'max-pool',
    { kind: 'conv', channels: 4, kernel: 3 },
    'relu',
    { kind: 'dense', units: 'classes' },
  ];
  const pictures = tinyDataset({ height: 20, width: 20 });
  const options = { everyEntryUpTo: 0, directions: 2, entries: 10 };
  const { passed, samples, tensors } = await checkGradients(tinyExperiment({ model }), pictures, options);
  expect({ passed, samples }).toEqual({ passed: true, samples: 4 });
  for (const { id, error } of tensors) expect(error, id).toBeLessThan(1e-7);
});

describe('a gradient that is wrong fails', () => {
  test('when backward is wrong by 1 in 100,000, in every parameter before it and none after', async () => {
    plant('leaky-relu', (layer, site) => ({
      ...layer,
      backward(rows, batch) {
        layer.backward(rows, batch);
        for (const place of rowsOf(site.dx!, rows)) site.kernels.elements[place]! *= 1 + 1e-5;
      },
    }));
    const report = await check({ slope: 0.1 });
    expect(report.passed).toBe(false);
    expect(failed(report)).toEqual(['model.0.W', 'model.0.b']);
    const errors = report.tensors.map(({ error }) => error);
    expect(Math.max(...errors)).toBeGreaterThan(0.99e-5);
    expect(Math.max(...errors)).toBeLessThan(1.01e-5);
  });

  test('when a parameter’s own gradient has the wrong sign', async () => {
    plant('dense', (layer, { kernels: { elements } }) => ({
      ...layer,
      gradients: {
        ...layer.gradients,
        b(block, rows, g) {
          layer.gradients!.b!(block, rows, g);
          for (let i = 0; i < block.count; i++) elements[g.offset + i]! *= -1;
        },
      },
    }));
    const report = await check({ units: 4, initializer: { kind: 'he-normal' } });
    expect(failed(report)).toEqual(['model.1.b']);
    expect(report.tensors.find(({ id }) => id === 'model.1.b')!.error).toBeGreaterThan(1);
  });

  test.each([0, Number.NaN])('when it is always %d', async (value) => {
    plant('dense', (layer, { kernels: { elements } }) => ({
      ...layer,
      gradients: {
        ...layer.gradients,
        b: (block, _, { offset }) => elements.fill(value, offset, offset + block.count),
      },
    }));
    expect(failed(await check({ units: 4, initializer: { kind: 'he-normal' } }))).toEqual(['model.1.b']);
  });

  test('when only one entry of many is wrong, along directions too', async () => {
    plant('dense', (layer, { kernels: { elements } }) => ({
      ...layer,
      gradients: {
        ...layer.gradients,
        W(block, rows, g) {
          layer.gradients!.W!(block, rows, g);
          elements[g.offset + 3]! += 1e-3;
        },
      },
    }));
    const options = { everyEntryUpTo: 0, directions: 4, entries: 0 };
    const report = await check({ units: 4, initializer: { kind: 'he-normal' } }, options);
    expect(failed(report)).toEqual(['model.1.W']);
  });
});

test('kinks everywhere are not passed over in silence: the tensor fails', async () => {
  // A sawtooth of 1e-4: its kinks are closer together than the step.
  plant('leaky-relu', (layer, { kernels: { elements }, x, y }) => ({
    ...layer,
    forward(rows) {
      for (const place of rowsOf(x, rows)) {
        const at = place - x.offset + y.offset;
        elements[at] = Math.abs(elements[place]! - Math.round(elements[place]! * 1e4) / 1e4);
      }
    },
  }));
  const report = await check({ slope: 0.1 });
  expect(failed(report)).toEqual(['model.0.W', 'model.0.b']);
  expect(report.tensors[0]!.skipped).toBeGreaterThan(20);
});

test('says what it did: every entry of small tensors, directions and entries of larger ones', async () => {
  const seen: TensorCheck[] = [];
  const experiment = tinyExperiment({
    model: [{ kind: 'dense', units: 40 }, 'relu', { kind: 'dense', units: 'classes' }],
  });
  const options = {
    samples: 5,
    everyEntryUpTo: 200,
    directions: 3,
    entries: 10,
    onTensor: (check: TensorCheck) => seen.push(check),
  };
  const report = await checkGradients(experiment, dataset, options);
  expect(report).toMatchObject({ samples: 5, threshold: 1e-6, passed: true, tensors: seen });
  expect(seen.map(({ id, shape, checked }) => [id, shape, checked])).toEqual([
    ['model.0.W', [9, 40], '3 directions and 10 of 360 entries'],
    ['model.0.b', [40], 'every entry'],
    ['model.2.W', [40, 3], 'every entry'],
    ['model.2.b', [3], 'every entry'],
  ]);
});

test('a large network is checked by samples, and a wrong gradient fails', async () => {
  let sign = 1;
  plant('layer-norm', (layer, { kernels: { elements } }) => ({
    ...layer,
    gradients: {
      ...layer.gradients,
      gamma(block, rows, g) {
        layer.gradients!.gamma!(block, rows, g);
        for (let i = 0; i < block.count; i++) elements[g.offset + i]! *= sign;
      },
    },
  }));
  // Frozen, so that the check has less to do.
  const dense = (units: number | 'classes') => ({ kind: 'dense', units, freeze: true });
  const experiment = tinyExperiment({
    model: [dense(2000), 'layer-norm', 'tanh', dense(100), dense('classes')],
  });
  const model = experiment.model.map((layer, i) => (i === 1 ? { ...layer, kind: 'planted' } : layer));
  // 224,403 weights, more than are checked in full, so that of 2,000 entries not all are.
  const options = { samples: 1, directions: 2, entries: 20 };
  const report = await checkGradients({ ...experiment, model }, dataset, options);
  expect(report.passed).toBe(true);
  const some = '2 directions and 20 of 2000 entries';
  expect(report.tensors.map(({ id, checked }) => [id, checked])).toEqual([
    ['model.1.gamma', some],
    ['model.1.beta', some],
  ]);
  sign = -1;
  const wrong = await checkGradients({ ...experiment, model }, dataset, options);
  expect(failed(wrong)).toEqual(['model.1.gamma']);
});

test('a minibatch longer than 256 rows, the sums over which are cut, passes too', async () => {
  const experiment = tinyExperiment({ model: [{ kind: 'dense', units: 'classes' }] });
  const report = await checkGradients(experiment, tinyDataset({ train: 600 }), { samples: 600 });
  expect(report).toMatchObject({ samples: 600, passed: true });
});

test('the same experiment gives the same report', async () => {
  const experiment = tinyExperiment({ model: [{ kind: 'dense', units: 'classes' }] });
  expect(await checkGradients(experiment, dataset)).toEqual(await checkGradients(experiment, dataset));
});
