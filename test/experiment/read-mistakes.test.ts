// What is wrong in an experiment is told where and what.
import { describe, expect, test } from 'vitest';
import { complaint, known, topNames } from '../support/read-experiment.ts';
import { toyExperiment } from '../support/toy-data.ts';

describe('a wrong experiment is told where and what', () => {
  const cases: [what: string, from: string, to: string, message: string][] = [
    [
      'unknown layer',
      'kind: dense, units: 16',
      'kind: dens, units: 16',
      'x.yaml:5:13 model[0].kind: unknown layer "dens"; did you mean "dense"?',
    ],
    [
      'unknown bare layer',
      '- relu',
      '- rellu',
      'x.yaml:6:5 model[1]: unknown layer "rellu"; did you mean "relu"?',
    ],
    [
      'layer without a kind',
      '- relu',
      '- { slope: 1 }',
      `x.yaml:6:5 model[1]: expected a layer with a kind, got {"slope":1}; known: ${known('layer')}, ` +
        'residual',
    ],
    [
      'misspelt setting',
      'units: 16',
      'unit: 16',
      'x.yaml:5:20 model[0].unit: unknown setting "unit"; did you mean "units"?',
    ],
    ['missing setting', ', units: 16', '', 'x.yaml:5:5 model[0]: setting "units" is missing in model[0]'],
    [
      'text for a number',
      'units: 16',
      'units: many',
      'x.yaml:5:27 model[0].units: ' +
        'expected an integer at least 1 and at most 1048576 or "classes" or "targets", ' +
        'got "many"',
    ],
    [
      'fraction',
      'units: 16',
      'units: 1.5',
      'x.yaml:5:27 model[0].units: ' +
        'expected an integer at least 1 and at most 1048576 or "classes" or "targets", ' +
        'got 1.5',
    ],
    [
      'unknown initializer',
      'units: 16',
      'units: 16, initializer: he',
      `x.yaml:5:44 model[0].initializer: unknown initializer "he"; known: ${known('initializer')}`,
    ],
    [
      'unknown optimizer',
      'kind: sgd',
      'kind: sdg',
      'x.yaml:8:20 optimizer.kind: unknown optimizer "sdg"; did you mean "sgd"?',
    ],
    [
      'learning rate of zero',
      'learningRate: 0.1',
      'learningRate: 0',
      'x.yaml:8:39 optimizer.learningRate: expected a number above 0, got 0',
    ],
    [
      'momentum of one',
      'momentum: 0.9',
      'momentum: 1',
      'x.yaml:8:54 optimizer.momentum: expected a number at least 0 and below 1, got 1',
    ],
    [
      'empty model',
      'model:\n  - { kind: dense, units: 16 }\n  - relu\n  - { kind: dense, units: classes }',
      'model: []',
      'x.yaml:4:8 model: expected at least one layer, got []',
    ],
    [
      'missing model',
      'model:\n  - { kind: dense, units: 16 }\n  - relu\n  - { kind: dense, units: classes }\n',
      '',
      'x.yaml:1:1: setting "model" is missing in the experiment',
    ],
    [
      'unknown top setting',
      'epochs: 3',
      'epoch: 3',
      'x.yaml:10:1 epoch: unknown setting "epoch"; did you mean "epochs"?',
    ],
    [
      'not YAML',
      'seed: 5',
      'seed: [5',
      'x.yaml:3:1: ' +
        'not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'aliases of aliases that would fill the memory',
      'seed: 5',
      [
        'a: &a [1, 1]',
        ...[...'bcdefgh'].map((x, i) => `${x}: &${x} [${`*${'abcdefg'[i]}, `.repeat(9)}1]`),
      ].join('\n'),
      'x.yaml:1:1: not valid YAML: Excessive alias count indicates a resource exhaustion attack',
    ],
    [
      'a list',
      toyExperiment,
      '- 1',
      'x.yaml:1:1: expected an experiment: a map with model, optimizer, batchSize, ' +
        'and epochs or steps, got something else',
    ],
    [
      'nothing',
      toyExperiment,
      '',
      'x.yaml:1:1: expected an experiment: a map with model, optimizer, batchSize, ' +
        'and epochs or steps, got an empty file',
    ],
    [
      'a share that is more than all',
      'validation: 100',
      'validation: 1.5',
      'x.yaml:3:35 data.validation: expected an integer at least 0 or a number above 0 and below 1, got 1.5',
    ],
    [
      'a column that has no place',
      'validation: 100',
      'validation: 100, target: [price, 0]',
      'x.yaml:3:56 data.target[1]: expected text or an integer at least 1, got 0',
    ],
    [
      'weights that are none',
      'seed: 5',
      'seed: 5\nclassWeights: heavy',
      'x.yaml:3:15 classWeights: expected "balanced" or a list, got "heavy"',
    ],
    [
      'a weight below 0',
      'seed: 5',
      'seed: 5\nclassWeights: [1, -1]',
      'x.yaml:3:19 classWeights[1]: expected a number at least 0, got -1',
    ],
    [
      'a name that is no file name',
      'name: toy',
      'name: ../toy',
      'x.yaml:1:7 name: expected letters, digits, dots, dashes and underscores, ' +
        'a letter or digit first, got "../toy"',
    ],
  ];
  test.each(cases)('%s', (_what, from, to, message) => {
    expect(toyExperiment).toContain(from);
    expect(complaint(toyExperiment.replace(from, to))).toBe(message);
  });
});

describe('all mistakes are told at once', () => {
  test('of the file and of the command line, with the names that people use', () => {
    const text = `lr: 0.1
data: { val_split: 0.2 }
model:
  - { kind: dense, hidden: 16 }
  - rellu
  - { kind: dropout, rate: 2 }
  - { kind: dense, units: classes }
optimizer: { kind: sgd, lr: 0.1, momentm: 0.9 }
batch_size: 25
num_epochs: 3
`;
    const sets = ['hidden_size=3', 'drop_rate=0.1', 'model[9].units=3', 'earlyStopping.max=3', 'epochs.x=3'];
    expect(complaint(text.replace(/^num_epochs.*\n/m, 'epochs: 3\n'), ...sets).split('\n')).toEqual([
      '--set epochs.x: expected a path into the experiment, got epochs, which holds 3',
      '--set model[9].units: expected a path into the experiment, got model[9], which holds nothing',
      'x.yaml:1:1 lr: unknown setting "lr"; did you mean "optimizer.learningRate"?',
      'x.yaml:9:1 batch_size: unknown setting "batch_size"; did you mean "batchSize"?',
      '--set hidden_size: unknown setting "hidden_size"; no layer of the model has a number of units; ' +
        'put `- { kind: dense, units: 64 }` and `- relu` at its front, then it is "model[0].units"',
      '--set drop_rate: unknown setting "drop_rate"; did you mean "model[2].rate"?',
      'x.yaml:2:9 data.val_split: unknown setting "val_split"; did you mean "validation"?',
      'x.yaml:4:20 model[0].hidden: unknown setting "hidden"; did you mean "units"?',
      'x.yaml:5:5 model[1]: unknown layer "rellu"; did you mean "relu"?',
      'x.yaml:6:28 model[2].rate: expected a number at least 0 and below 1, got 2',
      'x.yaml:8:25 optimizer.lr: unknown setting "lr"; did you mean "learningRate"?',
      'x.yaml:8:34 optimizer.momentm: unknown setting "momentm"; did you mean "momentum"?',
      '--set earlyStopping.max: unknown setting "max"; known settings: metric, patience, minDelta',
    ]);
    expect(complaint(text)).toContain(
      'x.yaml:10:1 num_epochs: unknown setting "num_epochs"; did you mean "epochs"?',
    );
  });

  test('an unknown setting is never the advice for another', () => {
    expect(complaint(`${toyExperiment}momentums: 1\nmomentumss: 1\n`).split('\n')).toEqual([
      `x.yaml:11:1 momentums: unknown setting "momentums"; known settings: ${topNames}`,
      `x.yaml:12:1 momentumss: unknown setting "momentumss"; known settings: ${topNames}`,
    ]);
  });
});
