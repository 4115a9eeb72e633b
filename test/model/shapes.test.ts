// Images through the plan: which layer gives which shape, and what is said where one does not fit.
import { describe, expect, test } from 'vitest';
import type { KindConfig } from '#lockstep/contracts/fields.js';
import { layerTexts, modelText } from '#lockstep/model/model-text.js';
import { type DataShape, planNetwork, sizeText } from '#lockstep/model/network.js';
import { tinyExperiment } from '../support/tiny.ts';

const dense = (units: number | string) => ({ kind: 'dense', units });
const conv = (channels: number | string, kernel: number | number[], settings = {}) => ({
  ...{ kind: 'conv', channels, kernel },
  ...settings,
});
const pool = (size: number | number[], settings = {}) => ({ kind: 'max-pool', size, ...settings });

const grey: DataShape = {
  ...{ inputs: 784, outputs: 10, task: 'classes', packable: true },
  shape: { height: 28, width: 28, channels: 1 },
};
const table: DataShape = { inputs: 12, outputs: 10, task: 'classes', packable: false };
const colour = (height: number, width: number): DataShape => ({
  ...grey,
  ...{ inputs: height * width * 3, shape: { height, width, channels: 3 } },
});

const modelOf = (layers: readonly (object | string)[]): readonly KindConfig[] =>
  tinyExperiment({ model: layers }).model;
const plan = (layers: readonly (object | string)[], shape: DataShape) => planNetwork(modelOf(layers), shape);
/** The sizes of all values, the samples first. */
const sizes = (layers: readonly (object | string)[], shape: DataShape) =>
  plan(layers, shape).values.map(sizeText);

describe('shapes', () => {
  test('LeNet', () => {
    const model = [conv(6, 5, { padding: 2 }), 'relu', 'max-pool', conv(16, 5), 'relu', 'max-pool'];
    expect(sizes([...model, dense(120), 'relu', dense('classes')], grey)).toEqual([
      ...['28 x 28 x 1', '28 x 28 x 6', '28 x 28 x 6', '14 x 14 x 6'],
      ...['10 x 10 x 16', '10 x 10 x 16', '5 x 5 x 16', '120', '120', '10'],
    ]);
  });

  test.each<[string, number, number, object | string, string]>([
    ['same, odd size', 7, 9, conv(4, 3, { padding: 'same', stride: 2 }), '4 x 5 x 4'],
    ['same, even window', 6, 6, conv(4, 2, { padding: 'same' }), '6 x 6 x 4'],
    ['same, steps larger than the window', 7, 7, conv(4, 1, { padding: 'same', stride: 3 }), '3 x 3 x 4'],
    ['valid, lines left over', 8, 9, conv(4, 3, { stride: [3, 2] }), '2 x 4 x 4'],
    ['padding on each side', 5, 6, conv(4, [3, 1], { padding: [2, 0] }), '7 x 6 x 4'],
    ['dilation', 9, 9, conv(4, 3, { dilation: [4, 1] }), '1 x 7 x 4'],
    ['a pool beside the window', 7, 5, pool(2), '3 x 2 x 3'],
    ['a pool with overlap', 7, 5, pool(3, { stride: 2, padding: 1 }), '4 x 3 x 3'],
    ['a pool of the same size', 7, 5, pool([2, 3], { stride: 1, padding: 'same' }), '7 x 5 x 3'],
    ['the whole image', 7, 5, 'global-average-pool', '1 x 1 x 3'],
    ['flat', 7, 5, 'flatten', '105'],
    ['number by number', 7, 5, 'gelu', '7 x 5 x 3'],
  ])('%s: %i x %i', (_, height, width, layer, expected) => {
    expect(sizes([layer, dense('classes')], colour(height, width))[1]).toBe(expected);
  });

  test('same pads half of it before the image, and the surplus behind', () => {
    const { nodes } = plan(
      [conv(4, [2, 5], { padding: 'same', stride: [1, 2] }), dense('classes')],
      colour(6, 6),
    );
    // Two lines see one more; five columns at 0, 2, 4 see 6 + 3.
    expect(nodes[0]!.plan.window).toMatchObject({ before: [0, 1], output: { height: 6, width: 3 } });
  });

  test('W has the window first, and in groups the inputs of one', () => {
    const { parameters } = plan(
      [conv(6, [3, 5]), conv(12, 1, { groups: 6, bias: false }), dense('classes')],
      colour(9, 9),
    );
    expect(parameters.map(({ id, shape }) => [id, shape])).toEqual([
      ['model.0.W', [3, 5, 3, 6]],
      ['model.0.b', [6]],
      ['model.1.W', [1, 1, 1, 12]],
      ['model.2.W', [7 * 5 * 12, 10]],
      ['model.2.b', [10]],
    ]);
    expect(parameters[0]).toMatchObject({ count: 270, fanIn: 45, fanOut: 90 });
    expect(parameters[2]).toMatchObject({ fanIn: 1, fanOut: 2 });
  });

  test('batch-norm: by channel after a convolution or a pool, by number on samples and vectors', () => {
    const features = (layers: (object | string)[]) =>
      plan([...layers, dense('classes')], colour(8, 8)).parameters.find(({ name }) => name === 'gamma')!
        .shape;
    expect(features([conv(5, 3), 'relu', 'batch-norm'])).toEqual([5]);
    expect(features(['max-pool', 'batch-norm'])).toEqual([3]);
    expect(features([{ kind: 'residual', layers: [conv(3, 1)] }, 'batch-norm'])).toEqual([3]);
    expect(features(['batch-norm'])).toEqual([192]);
    expect(features(['relu', 'batch-norm', conv(5, 3)])).toEqual([192]);
    expect(features([conv(5, 3), 'flatten', 'batch-norm'])).toEqual([180]);
    expect(features([dense(7), 'batch-norm'])).toEqual([7]);
  });

  test('a gradient element is priced by its places', () => {
    const [W, b] = plan([conv(4, 3), dense('classes')], grey).parameters;
    expect([W!.cost, b!.cost]).toEqual([2 * 26 * 26, 26 * 26]);
  });
});

describe('what does not fit', () => {
  test.each<[string, (object | string)[], DataShape, string]>([
    [
      'a table',
      [conv(4, 3), dense('classes')],
      table,
      'model[0]: expected an image (height, width, ' +
        'channels) as the input of conv, got 12 numbers without a ' +
        'shape; pictures have a shape, ' +
        'as long as no dense or flatten layer comes between; tables have none; ' +
        'sizes: samples 12',
    ],
    [
      'after flatten',
      [conv(4, 3), 'flatten', 'max-pool', dense('classes')],
      grey,
      'model[2]: expected an image (height, width, channels) as the input of max-pool, got 2704 numbers ' +
        'without a shape; pictures have a shape, ' +
        'as long as no dense or flatten layer comes between; tables ' +
        'have none; sizes: samples 28 x 28 x 1, model[0] conv 26 x 26 x 4, model[1] flatten 2704',
    ],
    [
      'a window larger than the input',
      [pool(7), conv(4, 5), dense('classes')],
      grey,
      'model[1].kernel: expected at most 4 x 4, ' +
        'the size of the input, got 5 x 5; sizes: samples 28 x 28 x 1, ' +
        'model[0] max-pool 4 x 4 x 1',
    ],
    [
      'padding and dilation',
      [conv(4, [3, 1], { dilation: 15, padding: 1 }), dense('classes')],
      grey,
      'model[0].kernel: expected at most 30 x 30, the size of the input with its padding, got 3 x 1, which ' +
        'spreads over 31 x 1; sizes: samples 28 x 28 x 1',
    ],
    [
      'groups of the input',
      [conv(4, 3, { groups: 2 }), dense('classes')],
      colour(8, 8),
      'model[0].groups: expected a number that divides the 3 channels of the input, ' +
        '8 x 8 x 3, got 2; sizes: ' +
        'samples 8 x 8 x 3',
    ],
    [
      'groups of the output',
      [conv(4, 3, { groups: 3 }), dense('classes')],
      colour(8, 8),
      'model[0].groups: expected a number that divides the 4 channels of the output, got 3; sizes: samples ' +
        '8 x 8 x 3',
    ],
    [
      'a pool that sees nothing',
      [pool(2, { padding: [1, 2] }), dense('classes')],
      grey,
      'model[0].padding: expected less than the size, 2 x 2, so that each window sees a number, got 1 x 2; ' +
        'sizes: samples 28 x 28 x 1',
    ],
    [
      'dropout of channels that are not there',
      [dense(9), { kind: 'dropout', per: 'channel' }, dense('classes')],
      grey,
      'model[1].per: expected `entry`, because the input is a vector, got `channel`; only images have ' +
        'channels, as long as no dense or flatten layer comes between; ' +
        'sizes: samples 28 x 28 x 1, model[0] ' +
        'dense 9',
    ],
    [
      'two paths',
      [conv(4, 3), { kind: 'residual', layers: [conv(8, 3, { stride: 2, padding: 1 })] }, dense('classes')],
      grey,
      'model[1]: expected layers and shortcut of a residual ' +
        'block to end in the same shape, 13 x 13 x 8, got ' +
        '26 x 26 x 4 from the shortcut; end the shortcut with `{ kind: ' +
        'conv, channels: 8, kernel: 1, stride: 2 }`',
    ],
    [
      'an image where vectors of the same size meet',
      [{ kind: 'residual', layers: [conv(4, 1)], shortcut: [pool(2), conv(16, 1)] }, dense('classes')],
      grey,
      'model[0]: expected layers and shortcut of a residual ' +
        'block to end in the same shape, 28 x 28 x 4, got ' +
        '14 x 14 x 16 from the shortcut',
    ],
    [
      'outputs',
      [conv(12, 3), 'global-average-pool'],
      grey,
      'model: expected the network to end in 10 outputs, ' +
        'one for each class of the data, got 12; end with a ' +
        'dense layer of `units: classes`',
    ],
  ])('%s', (_, layers, shape, message) => {
    expect(() => plan(layers, shape)).toThrow(message);
  });

  test('`channels: classes`, without a dense layer', () => {
    expect(sizes([conv('classes', 3), 'global-average-pool'], grey).at(-1)).toBe('1 x 1 x 10');
    const flags: DataShape = { ...grey, task: 'flags' };
    expect(() => plan([conv('classes', 3), 'global-average-pool'], flags)).toThrow(
      'model[0].channels: expected a number or `targets`, ' +
        'because the data has flags to predict, got `classes`',
    );
  });

  test.each<[object, string]>([
    [
      conv(4, 0),
      'kernel: expected an integer at least 1 and at most 4096 or a list [vertical, horizontal], got 0',
    ],
    [conv(4, [3, 0]), 'kernel[1]: expected an integer at least 1 and at most 4096, got 0'],
    [
      conv(4, [3]),
      'kernel: expected an integer at least 1 and at most 4096 or a list [vertical, horizontal], got [3]',
    ],
    [
      conv(4, 3, { padding: 'full' }),
      'padding: expected "same" or "valid" or an integer at least 0 and at most 4096 or a list [vertical, ' +
        'horizontal], got "full"',
    ],
  ])('%j', (layer, message) => {
    expect(() => modelOf([layer, dense('classes')])).toThrow(message);
  });
});

test('the text of a model, and what each place sees of the picture', () => {
  const block = {
    kind: 'residual',
    layers: [conv(8, 1)],
    shortcut: [conv(8, 3, { padding: 1 }), 'relu', conv(8, 3, { padding: 1 })],
  };
  const model = modelOf([
    conv(6, 5),
    'relu',
    'max-pool',
    block,
    conv(8, 3),
    'global-average-pool',
    dense('classes'),
  ]);
  const network = planNetwork(model, grey);
  expect(modelText(model, network)).toBe(
    '28 x 28 x 1 - conv 6 - relu - max-pool - [conv 8 + conv 8 ' +
      '- relu - conv 8] - conv 8 - global-average-pool - dense 10',
  );
  const seen = layerTexts(model, network).map(({ kind, sizes, notes }) => [kind, sizes, notes[0]]);
  expect(seen).toEqual([
    ['conv', '24, 24, 6', 'sees 5 x 5'],
    ['relu', '24, 24, 6', 'in place'],
    ['max-pool', '12, 12, 6', 'sees 6 x 6'],
    ['residual', '12, 12, 8', undefined],
    ['conv', '12, 12, 8', 'sees 6 x 6'],
    ['conv', '12, 12, 8', 'sees 10 x 10'],
    ['relu', '12, 12, 8', 'in place'],
    ['conv', '12, 12, 8', 'sees 14 x 14'],
    ['conv', '10, 10, 8', 'sees 18 x 18'],
    ['global-average-pool', '1, 1, 8', 'sees 28 x 28'],
    ['dense', '10', undefined],
  ]);
});
