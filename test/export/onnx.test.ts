// ONNX files, read by a decoder of their own and worked out in float64: what they predict is what Lockstep
// predicts. `npm run test:export` opens real ones in onnxruntime.
import { describe, expect, test } from 'vitest';
import { columnsOf } from '#lockstep/data/dataset.js';
import type { Signature } from '#lockstep/data/split.js';
import { coarseColumns } from '#lockstep/export/onnx/inputs.js';
import { writtenLayers } from '#lockstep/export/onnx/layers.js';
import { onnxOf } from '#lockstep/export/onnx.js';
import { stream } from '#lockstep/foundation/random.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { drawnNetwork, gaps, numbers, pictures, withTargets, words } from '../support/exported.ts';
import { type OnnxModel, readOnnx, runOnnx } from '../support/onnx.ts';

const count = 100;

/** Raw rows: cells are missing here and there where the network allows it, and words are unknown. */
function rowsFor({ features, preparation }: Signature): number[][] {
  const draw = stream(2, 'rows');
  return Array.from({ length: count }, () =>
    Array.from({ length: columnsOf(features) }, (_, c) => {
      if (features.kind === 'bytes' || preparation.kind === 'pixels') return draw.below(256);
      const column = preparation.columns[c]!;
      const own = features.columns[c]!;
      if (own.kind === 'category') return draw.below(4) === 0 ? Number.NaN : draw.below(own.words.length + 1);
      if (column.kind === 'number' && column.missing !== undefined && draw.below(3) === 0) return Number.NaN;
      const { shift, scale } = column as { shift: number; scale: number };
      return Math.fround(shift + scale * draw.normal());
    }),
  );
}

/** What goes into the graph: all numbers at once, or a value for each column; missing words as given. */
function feeds({ inputs }: OnnxModel, { features }: Signature, rows: number[][], missing = '') {
  if (inputs.length === 1 && inputs[0]!.shape[1] !== 1) return { [inputs[0]!.name]: rows };
  if (features.kind !== 'floats') throw new TypeError('a table is needed');
  const cell = (value: number, c: number) => {
    const column = features.columns[c]!;
    if (column.kind === 'number') return value;
    return Number.isNaN(value) ? missing : (column.words[value] ?? 'never seen');
  };
  return Object.fromEntries(inputs.map(({ name }, c) => [name, rows.map((row) => [cell(row[c]!, c)])]));
}

/** Compares the graph's outputs with the network's own, and returns the graph. */
function compare(
  signature: Signature,
  settings: object,
  { raw = (byte: number) => byte, missing = '' } = {},
) {
  const { exported, model } = drawnNetwork(signature, settings);
  const file = readOnnx(Buffer.concat(onnxOf(exported)));
  const rows = rowsFor(signature);
  const given = rows.map((row) => row.map(raw));
  const results = runOnnx(file, feeds(file, signature, given, missing));
  const { targets, features } = signature;
  const own = (features.kind === 'bytes' ? Uint8Array : Float64Array).from(rows.flat());
  const predicted = model.predict(own);
  if (targets.kind === 'values') {
    const values = results.values!.flat() as number[];
    const { deviation } = signature.unit;
    for (const [i, value] of values.entries()) {
      const off = (value - predicted[i]!) / deviation[i % deviation.length]!;
      expect(Math.abs(off)).toBeLessThan(2e-5);
    }
    expect(values).toHaveLength(predicted.length);
    return file;
  }
  const expected = model.probabilities(own);
  const probabilities = results.probabilities!.flat() as number[];
  expect(probabilities).toHaveLength(expected.length);
  for (const [i, value] of probabilities.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  const named = [...predicted].map((own) => {
    const name = targets.kind === 'classes' ? (targets.names?.[own] ?? own) : own;
    return Number.isNaN(Number(name)) ? name : Number(name);
  });
  expect(results.label!.flat()).toEqual(named);
  expect(new Set(named).size).toBeGreaterThan(1);
  return file;
}

const dense = (units: number | string) => ({ kind: 'dense', units });
const toClasses = [dense(6), 'tanh', dense('classes')];

describe('layers', () => {
  test('every kind of layer can be written', () => {
    expect([...writtenLayers].sort()).toEqual([...catalogue.layer.keys()].sort());
  });

  const seesImages = (kind: string) => /^conv$|pool$/.test(kind);
  test.each([...catalogue.layer.keys()].filter((kind) => !seesImages(kind)))('%s', (kind) => {
    compare(numbers, { model: [dense(5), kind === 'dense' ? dense(4) : kind, dense('classes')] });
  });

  // Channels of 2 x 3 pixels.
  const conv = { kind: 'conv', channels: 4, kernel: [2, 3], padding: 1 };
  test.each<[string, (object | string)[]]>([
    ['conv', [conv]],
    ['conv, strides and same padding', [{ ...conv, stride: [2, 1], padding: 'same', bias: false }]],
    ['conv, dilation and groups', [{ ...conv, channels: 6, groups: 3, kernel: 2, dilation: [1, 2] }]],
    ['max-pool', [conv, 'batch-norm', { kind: 'max-pool', size: 2, stride: [1, 2], padding: 1 }]],
    ['max-pool, a line of the image left out', [{ ...conv, kernel: 1 }, 'max-pool']],
    ['average-pool', [conv, { kind: 'average-pool', size: 2, stride: 2, padding: 'same' }]],
    ['global-average-pool', [conv, 'relu', 'global-average-pool']],
    ['batch-norm and dropout by channel', [conv, 'batch-norm', { kind: 'dropout', per: 'channel' }]],
    ['batch-norm and layer-norm by number', [conv, 'flatten', 'batch-norm', 'layer-norm']],
    ['a residual block', [{ kind: 'residual', layers: [conv], shortcut: [{ ...conv, kernel: [2, 3] }] }]],
  ])('%s', (_, layers) => {
    compare(pictures(), { model: [...layers, dense('classes')] });
  });

  test('settings of layers', () => {
    const model = [
      { kind: 'leaky-relu', slope: 0.3 },
      { kind: 'elu', alpha: 2 },
      { kind: 'batch-norm', epsilon: 0.5 },
      { kind: 'layer-norm', epsilon: 0.25 },
      dense('classes'),
    ];
    compare(numbers, { model });
  });

  test('residual blocks: identity, projection, and one in the other', () => {
    const inner = { kind: 'residual', layers: [dense(5), 'relu'], shortcut: [] };
    const model = [
      { kind: 'residual', layers: [dense(5), 'batch-norm', inner], shortcut: [dense(5)] },
      { kind: 'residual', layers: ['silu', dense(5)], shortcut: [] },
      dense('classes'),
    ];
    compare(numbers, { model });
  });
});

describe('inputs', () => {
  test('numbers are one input with an open number of rows', () => {
    const { inputs, outputs } = compare(numbers, { model: toClasses });
    expect(inputs).toEqual([{ name: 'input', type: 1, shape: ['n', 4] }]);
    expect(outputs).toEqual([
      { name: 'probabilities', type: 1, shape: ['n', 3] },
      { name: 'label', type: 7, shape: ['n'] },
    ]);
  });

  test.each(['', 'NA', 'null', '?'])('words are an input each; %j is a missing word', (missing) => {
    const { inputs, outputs, opsets } = compare(words, { model: toClasses }, { missing });
    expect(inputs).toEqual([
      { name: 'town', type: 8, shape: ['n', 1] },
      { name: 'year', type: 1, shape: ['n', 1] },
      // An output has that name.
      { name: 'label_2', type: 8, shape: ['n', 1] },
      { name: 'area', type: 1, shape: ['n', 1] },
    ]);
    expect(outputs[1]).toEqual({ name: 'label', type: 8, shape: ['n'] });
    expect(opsets).toEqual({ '': 17, 'ai.onnx.ml': 3 });
  });

  test('bytes of pictures, pixel by pixel', () => {
    const { inputs, outputs } = compare(pictures(), { model: toClasses });
    expect(inputs).toEqual([{ name: 'input', type: 1, shape: ['n', 18] }]);
    // The names of the classes are whole numbers.
    expect(outputs[1]).toMatchObject({ name: 'label', type: 7 });
  });

  test('pixels that files have with another white', () => {
    const { exported } = drawnNetwork(pictures(16), { model: toClasses });
    const file = readOnnx(Buffer.concat(onnxOf(exported)));
    const same = readOnnx(Buffer.concat(onnxOf(drawnNetwork(pictures(), { model: toClasses }).exported)));
    const given = Array.from({ length: 17 }, (_, value) => Array.from({ length: 18 }, () => value));
    const asBytes = given.map((row) => row.map((value) => Math.round((value * 255) / 16)));
    expect(runOnnx(file, { input: given })).toEqual(runOnnx(same, { input: asBytes }));
  });

  test('a column that float32 cannot hold is refused, and one that it holds badly is told of', () => {
    const column = { kind: 'number', name: 'tiny', shift: 0, scale: 1e-50 } as const;
    const features = { kind: 'floats', shape: [1], columns: [{ kind: 'number', name: 'tiny' }] } as const;
    const tiny: Signature = { ...numbers, features, preparation: { kind: 'columns', columns: [column] } };
    const { exported } = drawnNetwork(tiny, { model: toClasses });
    expect(() => onnxOf(exported)).toThrow(/^column "tiny": expected numbers that float32 can hold/);
    const far = { ...column, shift: 6_371_000, scale: 30 };
    expect(coarseColumns({ kind: 'columns', columns: [far] })).toEqual([
      'column "tiny": ONNX networks read float32, which has steps of 0.5 there, 0.017 of the column\'s ' +
        'deviation; `--format js` loses nothing',
    ]);
    expect(coarseColumns(words.preparation)).toEqual([]);
  });
});

describe('outputs', () => {
  test('values in their units', () => {
    const { inputs, outputs } = compare(gaps, {
      model: [dense(6), 'gelu', dense('targets')],
      loss: 'mean-squared-error',
    });
    expect(inputs).toEqual([{ name: 'input', type: 1, shape: ['n', 3] }]);
    expect(outputs).toEqual([{ name: 'values', type: 1, shape: ['n', 2] }]);
  });

  test('flags', () => {
    const flags = withTargets(numbers, { kind: 'flags', names: ['wet', 'cold'] });
    const { outputs } = compare(flags, {
      model: [dense(6), 'relu', dense('targets')],
      loss: 'binary-cross-entropy',
    });
    expect(outputs).toEqual([
      { name: 'probabilities', type: 1, shape: ['n', 2] },
      { name: 'label', type: 7, shape: ['n', 2] },
    ]);
  });

  test('classes after squared errors', () => {
    compare(numbers, { model: toClasses, loss: 'mean-squared-error' });
  });
});

test('the file says what it is', () => {
  const { exported } = drawnNetwork(words, { model: toClasses });
  const { irVersion, producer, opsets, metadata, constants, nodes } = readOnnx(
    Buffer.concat(onnxOf(exported)),
  );
  expect({ irVersion, producer, opset: opsets[''] }).toEqual({
    irVersion: 8,
    producer: 'lockstep',
    opset: 17,
  });
  expect(metadata).toMatchObject({ lockstep: '1.2.3', name: 'drawn', weightsSha256: exported.weightsSha256 });
  expect(JSON.parse(metadata.targets!).names).toEqual(['no', 'yes', 'perhaps']);
  for (const { id, shape } of exported.parameters) expect(constants.get(id)?.shape).toEqual(shape);
  // Every name is made once, and before it is read.
  const made = nodes.flatMap(({ outputs }) => outputs);
  expect(new Set(made).size).toBe(made.length);
});
