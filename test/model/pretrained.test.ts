// Which weights of a run, of a file, of PyTorch a network begins with, and what is said if they do not fit.
import { describe, expect, test } from 'vitest';
import { type NetworkPlan, planNetwork } from '#lockstep/model/network.js';
import { doubtfulOrder, takePretrained } from '#lockstep/model/pretrained.js';
import type { NumberTensor } from '#lockstep/model/weights.js';
import { tinyExperiment } from '../support/tiny.ts';

const dense = (units: number | 'classes', rest = {}) => ({ kind: 'dense', units, ...rest });

function network(model: object[], inputs = 4): NetworkPlan {
  const shape = { inputs, outputs: 3, task: 'classes', packable: false } as const;
  return planNetwork(tinyExperiment({ model }).model, shape);
}

let next = 0;
/** Numbers that occur nowhere else. */
function tensor(id: string, ...shape: number[]): NumberTensor {
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => next++);
  return { id, shape, values };
}

const own = (plan: NetworkPlan) =>
  [...plan.parameters, ...plan.state].map(({ id, shape }) => tensor(id, ...shape));
const take = (plan: NetworkPlan, tensors: NumberTensor[]) =>
  takePretrained(plan, { name: 'runs/a', tensors });
const byId = (tensors: readonly NumberTensor[]) =>
  Object.fromEntries(tensors.map(({ id, values }) => [id, [...values]]));

describe('images of PyTorch, which has the channels first', () => {
  const image = { height: 3, width: 4, channels: 2 };
  const shape = { inputs: 24, outputs: 3, task: 'classes', packable: true, shape: image } as const;
  const plan = (model: (object | string)[]) => planNetwork(tinyExperiment({ model }).model, shape);

  test('windows, and what reads an image number by number', () => {
    const conv = { kind: 'conv', channels: 5, kernel: [2, 3], groups: 1 };
    const network = plan([conv, 'relu', 'flatten', 'batch-norm', dense('classes'), 'relu', dense('classes')]);
    const [weight, gamma, mean] = [tensor('0.weight', 5, 2, 2, 3), tensor('3.weight', 20), tensor('3.m', 20)];
    const full = tensor('4.weight', 3, 20);
    const square = tensor('6.weight', 3, 3);
    const given = [
      weight,
      tensor('0.bias', 5),
      gamma,
      tensor('3.bias', 20),
      { ...mean, id: '3.running_mean' },
      tensor('3.running_var', 20),
      full,
      tensor('4.bias', 3),
      square,
      tensor('6.bias', 3),
    ];
    const taken = take(network, given);
    const [W, , G, , full2, , square2] = taken.parameters.map(({ values }) => values);
    // (ky, kx, in, out) of (out, in, ky, kx)
    for (const [o, i, ky, kx] of [
      [0, 0, 0, 0],
      [4, 1, 0, 2],
      [2, 0, 1, 1],
      [3, 1, 1, 0],
    ] as const) {
      expect(W![((ky * 3 + kx) * 2 + i) * 5 + o]).toBe(weight.values[((o * 2 + i) * 2 + ky) * 3 + kx]);
    }
    // The convolution gives 2 x 2 x 5: (y, x, channel) of (channel, y, x).
    for (const [y, x, c] of [
      [0, 0, 0],
      [1, 0, 3],
      [0, 1, 4],
      [1, 1, 2],
    ] as const) {
      const [ours, theirs] = [(y * 2 + x) * 5 + c, (c * 2 + y) * 2 + x];
      expect(G![ours]).toBe(gamma.values[theirs]);
      expect(taken.state[0]!.values[ours]).toBe(mean.values[theirs]);
      for (let u = 0; u < 3; u++) expect(full2![ours * 3 + u]).toBe(full.values[u * 20 + theirs]);
    }
    // What comes after a dense layer is no image.
    expect(square2![1]).toBe(square.values[3]);
    expect([...taken.parameters[1]!.values]).toEqual([...given[1]!.values]);
  });

  test('our own weights are taken as they are', () => {
    const network = plan([{ kind: 'conv', channels: 5, kernel: 3 }, 'batch-norm', dense('classes')]);
    const given = own(network);
    const { parameters, state } = take(network, given);
    expect(byId([...parameters, ...state])).toEqual(byId(given));
    expect(parameters[0]!.shape).toEqual([3, 3, 2, 5]);
  });

  test('windows of another size are told', () => {
    const network = plan([{ kind: 'conv', channels: 5, kernel: 3 }, dense('classes')]);
    const given = [tensor('0.weight', 5, 2, 2, 3), tensor('0.bias', 5), tensor('1.weight', 3, 10)];
    expect(() => take(network, [...given, tensor('1.bias', 3)])).toThrow(
      'model[0] (conv): expected weight (5, 2, 3, 3), got 0.weight (5, 2, 2, 3) in runs/a; ' +
        '`pretrained: false` draws the layer anew',
    );
  });
});

describe('our own names', () => {
  const model = [dense(5), { kind: 'batch-norm' }, { kind: 'relu' }, dense('classes')];

  test('the same network takes all, in its own order', () => {
    const plan = network(model);
    const given = own(plan);
    const { parameters, state } = take(plan, [...given].reverse());
    expect([...parameters, ...state].map(({ id }) => id)).toEqual(given.map(({ id }) => id));
    expect(byId([...parameters, ...state])).toEqual(byId(given));
  });

  test('layers that learn nothing may come and go', () => {
    const given = own(network(model));
    const wider = network([
      dense(5),
      { kind: 'batch-norm' },
      { kind: 'dropout' },
      { kind: 'tanh' },
      dense('classes'),
    ]);
    const { parameters } = take(wider, given);
    expect([...parameters.at(-2)!.values]).toEqual([...given[4]!.values]);
    expect(parameters.at(-2)!.id).toBe('model.4.W');
  });

  test('a layer with `pretrained: false` is left out, whatever the file has in its place', () => {
    const given = own(network(model));
    const anew = network([...model.slice(0, 3), dense('classes', { pretrained: false })]);
    const { parameters, state } = take(anew, given);
    expect(parameters.map(({ id }) => id)).toEqual([
      'model.0.W',
      'model.0.b',
      'model.1.gamma',
      'model.1.beta',
    ]);
    expect(state).toHaveLength(2);
    // Nor does it matter if the file has nothing in its place.
    const without = given.filter(({ id }) => !id.startsWith('model.3'));
    expect(byId(take(anew, without).parameters)).toEqual(byId(parameters));
  });

  test('ten layers are in the order of their numbers', () => {
    const deep = network([...Array.from({ length: 11 }, () => dense(4)), dense('classes')]);
    const given = own(deep);
    const { parameters } = take(
      deep,
      [...given].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    expect(byId(parameters)).toEqual(byId(given));
  });
});

describe('names of PyTorch', () => {
  test('W is transposed, and a layer is told by its shape', () => {
    const plan = network([dense(5), { kind: 'batch-norm' }, dense('classes')]);
    const given = [
      tensor('0.weight', 5, 4),
      tensor('0.bias', 5),
      ...['weight', 'bias', 'running_mean', 'running_var'].map((name) => tensor(`1.${name}`, 5)),
      tensor('1.num_batches_tracked'),
      tensor('3.weight', 3, 5),
      tensor('3.bias', 3),
    ];
    const { parameters, state } = take(plan, given);
    const W = given[0]!.values;
    // (inputs, units) of ours from (units, inputs).
    expect([...parameters[0]!.values]).toEqual(
      Array.from({ length: 20 }, (_, i) => W[(i % 5) * 4 + Math.floor(i / 5)]),
    );
    expect([...parameters[1]!.values]).toEqual([...given[1]!.values]);
    expect([...parameters[2]!.values]).toEqual([...given[2]!.values]);
    expect([...parameters[3]!.values]).toEqual([...given[3]!.values]);
    expect(state.map(({ id, values }) => [id, ...values])).toEqual([
      ['model.1.runningMean', ...given[4]!.values],
      ['model.1.runningVariance', ...given[5]!.values],
    ]);
    expect([...parameters.at(-1)!.values]).toEqual([...given.at(-1)!.values]);
  });

  test('names of modules count by their numbers, and a missing bias is zero', () => {
    const plan = network([dense(5), dense('classes')]);
    const { parameters } = take(plan, [tensor('fc10.weight', 3, 5), tensor('fc9.weight', 5, 4)]);
    expect([...parameters[1]!.values, ...parameters[3]!.values]).toEqual(Array(8).fill(0));
    expect(parameters[0]!.values).toHaveLength(20);
  });
});

test.each([
  [['0.weight', '10.weight', '2.weight'], undefined],
  [['net.fc1.weight', 'net.fc2.weight'], undefined],
  [['model.1.layers.0.W', 'model.1.shortcut.0.W'], undefined],
  [
    ['input.weight', 'hidden.weight'],
    'w: its layers have no numbers, so they are taken in this order: hidden, input',
  ],
  [
    ['body.0.weight', 'head.weight'],
    'w: its layers have no numbers, so they are taken in this order: body.0, head',
  ],
])('the order of %j', (names, doubt) => {
  const tensors = names.map((name) => tensor(name, 2, 2));
  expect(doubtfulOrder({ name: 'w', tensors })).toBe(doubt);
});

describe('what does not fit', () => {
  const plan = network([dense(5), { kind: 'batch-norm' }, dense('classes')]);
  const message = (tensors: NumberTensor[]) => {
    try {
      take(plan, tensors);
    } catch (error) {
      return (error as Error).message;
    }
    return 'nothing';
  };

  test('shapes are told layer by layer', () => {
    const given = own(network([dense(7), { kind: 'batch-norm' }, dense('classes')]));
    expect(message(given).split('\n')).toEqual([
      expect.stringContaining(
        'model[0] (dense): expected W (4, 5), got model.0.W (4, 7) in runs/a; `pretrained',
      ),
      expect.stringContaining('model[0] (dense): expected b (5), got model.0.b (7) in runs/a'),
      expect.stringContaining('model[1] (batch-norm): expected gamma (5)'),
      expect.stringContaining('model[1] (batch-norm): expected beta (5)'),
      expect.stringContaining('model[1] (batch-norm): expected runningMean (5)'),
      expect.stringContaining('model[1] (batch-norm): expected runningVariance (5)'),
      expect.stringContaining('model[2] (dense): expected W (5, 3), got model.2.W (7, 3)'),
    ]);
  });

  test('so are other kinds', () => {
    const given = own(network([dense(5), { kind: 'layer-norm' }, dense('classes')]));
    expect(message(given)).toMatch(
      /model\[1\] \(batch-norm\): expected runningMean \(5\), got none in runs\/a/,
    );
    const more = [...own(plan), tensor('model.0.c', 5)];
    expect(message(more)).toMatch(/model\[0\] \(dense\): expected nothing more, got model.0.c in runs\/a/);
  });

  test('too few and too many layers are listed', () => {
    expect(message([tensor('0.weight', 5, 4), tensor('2.weight', 3, 5)])).toBe(
      'model: expected weights for 3 layers: model[0] (dense), model[1] (batch-norm), model[2] (dense), ' +
        'got 2 in runs/a: 0 (5 x 4), 2 (3 x 5); write `pretrained: ' +
        'false` in a layer that is to be drawn anew',
    );
    expect(message([])).toMatch(/got 0 in runs\/a: none/);
  });
});
