// What people mean by the names that settings have elsewhere.
import { describe, expect, test } from 'vitest';
import {
  activations,
  adviceFor,
  familiarPath,
  familiarSettings,
} from '#lockstep/experiment/familiar-names.js';
import { familySettings } from '#lockstep/experiment/families.js';
import { topSettings } from '#lockstep/experiment/settings.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { tinyExperiment } from '../support/tiny.ts';

const experiment = tinyExperiment({
  model: [
    { kind: 'dense', units: 8 },
    'relu',
    { kind: 'dropout', rate: 0.5 },
    {
      kind: 'residual',
      layers: [{ kind: 'dense', units: 8 }, 'tanh', { kind: 'dropout', rate: 0.1 }],
    },
    { kind: 'dense', units: 'classes' },
  ],
});
const known = Object.keys(experiment);
const advice = (name: string) => adviceFor(name, known, experiment);

test.each([
  ['lr', '"optimizer.learningRate"'],
  ['learning_rate', '"optimizer.learningRate"'],
  ['learning-rate', '"optimizer.learningRate"'],
  ['wd', '"optimizer.weightDecay"'],
  ['weight_decay', '"optimizer.weightDecay"'],
  ['momentum', '"optimizer.momentum"'],
  ['num_epochs', '"epochs"'],
  ['n_epochs', '"epochs"'],
  ['batch_size', '"batchSize"'],
  ['patience', '"earlyStopping.patience"'],
  ['early_stopping.patience', '"earlyStopping.patience"'],
  ['opt', '"optimizer.kind"'],
  ['label_smoothing', '"loss.smoothing"'],
  ['hidden_size', '"model[0].units" or "model[3].layers[0].units"'],
  ['hidden_units', '"model[0].units" or "model[3].layers[0].units"'],
  ['hidden_1', '"model[0].units" or "model[3].layers[0].units"'],
  ['dropout', '"model[2].rate" or "model[3].layers[2].rate"'],
  ['dropout.rate', '"model[2].rate" or "model[3].layers[2].rate"'],
  ['activation', '"model[1].kind" or "model[3].layers[1].kind"'],
  ['nesterov', '"optimizer.nesterov"'],
  ['optimizr', '"optimizer"'],
])('%s is %s', (name, meant) => {
  expect(advice(name)).toBe(`did you mean ${meant}?`);
});

test('what the experiment lacks is told with what to add', () => {
  expect(
    adviceFor('dropout', [], tinyExperiment({ model: ['relu', { kind: 'dense', units: 'classes' }] })),
  ).toBe(
    'the model has no dropout layer; put `- { kind: dropout, rate: 0.2 }` before its last layer, ' +
      'then it is "model[1].rate"',
  );
  expect(advice('beta1')).toBe(
    'optimizer.beta1 is a setting of adam and adamw, and here the optimizer is sgd',
  );
  expect(advice('frobnicate')).toBeUndefined();
});

describe('the table of names', () => {
  test.each(Object.keys(familiarSettings))('%s is a setting', (path) => {
    const [top, setting] = path.split('.') as [string, string?];
    expect(Object.keys(topSettings)).toContain(top);
    if (setting === undefined) return;
    const family = familySettings[top];
    const settings = family
      ? ['kind', ...[...catalogue[family].values()].flatMap(({ fields }) => Object.keys(fields))]
      : Object.keys((topSettings[top] as { properties: object }).properties);
    expect(settings).toContain(setting);
  });

  test('has each name once', () => {
    const names = Object.values(familiarSettings).flatMap((text) => text.split(' '));
    expect(names.filter((name, i) => names.indexOf(name) < i)).toEqual([]);
    for (const name of names) expect(familiarPath(name), name).toBeDefined();
  });

  test('has activations that exist', () => {
    for (const kind of activations) expect([...catalogue.layer.keys()]).toContain(kind);
  });
});
