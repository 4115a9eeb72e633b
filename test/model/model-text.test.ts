import { expect, test } from 'vitest';
import { wrap } from '#lockstep/cli/console.js';
import { modelRows, modelText } from '#lockstep/model/model-text.js';
import { planNetwork } from '#lockstep/model/network.js';
import { dataShape, tinyExperiment } from '../support/tiny.ts';

const dense = (units: number | 'classes') => ({ kind: 'dense', units });
const { model } = tinyExperiment({
  model: [
    dense(6),
    'batch-norm',
    {
      kind: 'residual',
      layers: [dense(5), { kind: 'residual', layers: ['tanh', dense(5)] }],
      shortcut: [dense(5), 'layer-norm'],
    },
    'relu',
    dense('classes'),
  ],
});
const network = planNetwork(model, dataShape({ inputs: 9, classes: 3 }));

test('a model in a line: residual blocks in brackets, their paths apart by a plus', () => {
  expect(modelText(model, network)).toBe(
    '9 - dense 6 - batch-norm - [dense 5 - [tanh - dense 5 + x] + dense 5 - layer-norm] - relu - dense 3',
  );
});

test('a model in rows: the layers of a residual block stand below it, one step to the right', () => {
  const rows = modelRows(model, network).map(
    ({ depth, name, kind, node }) => `${'  '.repeat(depth)}${name} ${kind} ${node?.plan.outputs ?? '-'}`,
  );
  expect(rows).toEqual([
    'model[0] dense 6',
    'model[1] batch-norm 6',
    'model[2] residual 5',
    '  layers[0] dense 5',
    '  layers[1] residual 5',
    '    layers[0] tanh 5',
    '    layers[1] dense 5',
    '    shortcut x itself -',
    '  shortcut[0] dense 5',
    '  shortcut[1] layer-norm 5',
    'model[3] relu 5',
    'model[4] dense 3',
  ]);
});

test('every node of the plan but the forks is in a row', () => {
  const shown = modelRows(model, network).flatMap(({ node }) => node ?? []);
  expect(new Set(shown)).toEqual(new Set(network.nodes.filter(({ role }) => role !== 'fork')));
});

test('a text breaks at its separators, and between words where a part is too long for a line', () => {
  expect(wrap('one two · three', 40)).toEqual(['one two · three']);
  expect(wrap('one two · three', 12)).toEqual(['one two', 'three']);
  expect(wrap('one two three four · five', 10)).toEqual(['one two', 'three', 'four', 'five']);
});
