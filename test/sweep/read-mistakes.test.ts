// What is wrong in a sweep's file is told where and what.
import { describe, expect, test } from 'vitest';
import { gridSize } from '#lockstep/sweep/grid.js';
import { objectives } from '#lockstep/sweep/objective.js';
import { block, complaint, complaintsOf } from '../support/read-sweep.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { sweepAlone, toySweep } from '../support/toy-sweep.ts';

describe('a wrong sweep is told where and what', () => {
  const rate = 'optimizer.learningRate: { distribution: log_uniform_values, min: 0.01, max: 1 }';
  const units = 'model[0].units: { values: [4, 16] }';
  const path = 'sweep.parameters.optimizer.learningRate';
  const cases: [what: string, from: string, to: string, message: string][] = [
    [
      'an empty grid',
      units,
      'model[0].units: { values: [] }',
      's.yaml:16:31 sweep.parameters.model[0].units.values: expected at least one value, got []',
    ],
    [
      'no parameters',
      `\n    ${rate}\n    ${units}`,
      ' {}',
      's.yaml:14:15 sweep.parameters: expected at least one parameter, got none',
    ],
    [
      'a logarithmic range from zero',
      'min: 0.01',
      'min: 0',
      `s.yaml:15:70 ${path}.min: expected above 0, because a logarithmic range has no zero, got 0`,
    ],
    [
      'a logarithmic range through zero',
      'min: 0.01',
      'min: -1',
      `s.yaml:15:70 ${path}.min: expected above 0, because a logarithmic range has no zero, got -1`,
    ],
    [
      'min above max',
      'max: 1',
      'max: 0.001',
      `s.yaml:15:81 ${path}.max: expected at least min, which is 0.01, got 0.001`,
    ],
    [
      'min equal to max',
      'max: 1',
      'max: 0.01',
      `s.yaml:15:81 ${path}.max: expected above min, which is 0.01, got 0.01; write \`value\` for one value`,
    ],
    ['max missing', ', max: 1', '', `s.yaml:15:29 ${path}: setting "max" is missing for log_uniform_values`],
    [
      'an unknown path',
      'optimizer.learningRate',
      'optimizer.learningrate',
      's.yaml:15:5 sweep.parameters.optimizer.learningrate: unknown setting "learningrate"; ' +
        'did you mean "learningRate"?',
    ],
    [
      'the name that Python has for it',
      'optimizer.learningRate',
      'learning_rate',
      's.yaml:15:5 sweep.parameters.learning_rate: expected a path into the experiment, ' +
        'got learning_rate; did you mean "optimizer.learningRate"?',
    ],
    [
      'a path into nothing',
      'model[0].units',
      'model[9].units',
      's.yaml:16:32 sweep.parameters.model[9].units.values[0]: expected a path into the experiment, ' +
        'got model[9], which holds nothing',
    ],
    [
      'a value of the wrong type',
      '[4, 16]',
      '[4, many]',
      's.yaml:16:35 sweep.parameters.model[0].units.values[1]: ' +
        'expected an integer at least 1 and at most 1048576 or "classes" or "targets", got "many"',
    ],
    [
      'a range of the wrong type',
      units,
      'model[0].units: { min: 1.5, max: 8.5 }',
      's.yaml:16:5 sweep.parameters.model[0].units: ' +
        'expected an integer at least 1 and at most 1048576 or "classes" or "targets", got 1.5',
    ],
    [
      'a value twice',
      '[4, 16]',
      '[4, 16, 4.0]',
      's.yaml:16:39 sweep.parameters.model[0].units.values[2]: expected each value once, got 4 again',
    ],
    [
      'a setting twice',
      units,
      `${units}\n    model.0.units: { value: 4 }`,
      's.yaml:17:5 sweep.parameters.model.0.units: expected each setting once, ' +
        'got model[0].units again, as at s.yaml:16:5 sweep.parameters.model[0].units',
    ],
    [
      'a distribution that we lack',
      'log_uniform_values',
      'q_beta',
      `s.yaml:15:45 ${path}.distribution: expected one of constant, categorical, uniform, int_uniform, ` +
        'q_uniform, log_uniform_values, q_log_uniform_values, normal, q_normal, got q_beta; ' +
        'the nearest is `distribution: uniform, min: 0.0, max: 1.0`',
    ],
    [
      'a misspelt distribution',
      'log_uniform_values',
      'log_uniform_value',
      `s.yaml:15:45 ${path}.distribution: expected one of constant, categorical, uniform, int_uniform, ` +
        'q_uniform, log_uniform_values, q_log_uniform_values, normal, q_normal, got log_uniform_value; ' +
        'did you mean "log_uniform_values"?',
    ],
    [
      'a key that the distribution does not use',
      'max: 1',
      'max: 1, mu: 0',
      `s.yaml:15:84 ${path}.mu: expected only min, max for log_uniform_values, got mu`,
    ],
    [
      'an unknown method',
      'random',
      'genetic',
      's.yaml:12:11 sweep.method: expected one of grid, random, bayes, got "genetic"',
    ],
    [
      'a misspelt key',
      'run_cap',
      'runcap',
      's.yaml:13:3 sweep.runcap: unknown setting "runcap"; did you mean "run_cap"?',
    ],
    [
      'random without an end',
      '  run_cap: 5\n',
      '',
      's.yaml:12:3 sweep: expected a run_cap, because method random never ends by itself, got none; ' +
        'write `run_cap: 20`',
    ],
    [
      'a grid over a continuous range',
      'random',
      'grid',
      `s.yaml:15:5 ${path}: expected values that a grid can list, got log_uniform_values; ` +
        'write `values`, or int_uniform or q_uniform with min and max, or choose `method: random`',
    ],
    [
      'a metric of the test set',
      'run_cap: 5',
      'run_cap: 5\n  metric: { name: test_accuracy }',
      `s.yaml:14:19 sweep.metric.name: expected one of ${objectives().join(', ')}, ` +
        'got test_accuracy; the test set is looked at once, for the winner',
    ],
    [
      'an accuracy that would be minimized',
      'run_cap: 5',
      'run_cap: 5\n  metric: { name: val_accuracy }',
      's.yaml:14:11 sweep.metric: expected a goal for val_accuracy, got none, ' +
        'which in Weights & Biases means minimize; write `goal: maximize`',
    ],
    [
      'probabilities that do not fit',
      '[4, 16]',
      '[4, 16], probabilities: [0.5, 0.6]',
      's.yaml:16:55 sweep.parameters.model[0].units.probabilities: expected a sum of 1, got 1.1',
    ],
    [
      'the data as a parameter',
      'model[0].units: { values: [4, 16] }',
      'data.source: { values: [a, b] }',
      's.yaml:16:5 sweep.parameters.data.source: expected a setting that changes the training, ' +
        'got data.source; all trials see the same data',
    ],
    [
      'the test set as a judge',
      'model[0].units: { values: [4, 16] }',
      'data.monitor: { value: test }',
      's.yaml:16:5 sweep.parameters.data.monitor: expected a setting that changes the training, ' +
        'got data.monitor; trials are judged by the validation images',
    ],
    [
      'rungs that come too late',
      'run_cap: 5',
      'run_cap: 5\n  early_terminate: { type: hyperband, min_iter: 3 }',
      's.yaml:14:20 sweep.early_terminate: expected a rung before the last of 3 epochs, got none; ' +
        'make min_iter smaller, or the trainings longer',
    ],
    [
      'two kinds of rungs',
      'run_cap: 5',
      'run_cap: 5\n  early_terminate: { type: hyperband, min_iter: 1, max_iter: 3, s: 1 }',
      's.yaml:14:20 sweep.early_terminate: expected either min_iter, or max_iter and s, got min_iter, ' +
        'max_iter, s',
    ],
    [
      'another kind of early termination',
      'run_cap: 5',
      'run_cap: 5\n  early_terminate: { type: envelope, min_iter: 1 }',
      's.yaml:14:28 sweep.early_terminate.type: expected one of hyperband, got "envelope"',
    ],
  ];
  test.each(cases)('%s', (_what, from, to, message) => {
    expect(block).toContain(from);
    expect(complaint(() => toySweep(block.replace(from, to)))).toBe(message);
  });

  test('a grid of 10^12 points', () => {
    const axes = ['model[0].units', 'batchSize', 'epochs', 'seed'].map(
      (path) => `    ${path}: { min: 1, max: 1000 }\n`,
    );
    const text = `sweep:\n  method: grid\n  parameters:\n${axes.join('')}`;
    expect(complaint(() => toySweep(text))).toBe(
      's.yaml:13:3 sweep.parameters: expected a grid of at most 1000000 points, or a run_cap, ' +
        'got 1000 x 1000 x 1000 x 1000 = 1000000000000; choose `method: random` with a run_cap',
    );
    const { sweep } = toySweep(text.replace('grid\n', 'grid\n  run_cap: 7\n'));
    expect(gridSize(sweep.dimensions)).toBe(1e12);
  });

  test('an experiment without validation images', () => {
    expect(
      complaint(() =>
        toySweep(
          block,
          'data: { validation: 0 }\nmodel: [{ kind: dense, units: classes }]\n' +
            'optimizer: { kind: sgd, learningRate: 1 }\nbatchSize: 9\nepochs: 3\n',
        ),
      ),
    ).toBe(
      's.yaml:1:21 data.validation: expected validation images, which trials are judged by, got 0; ' +
        'hold some out, such as --set data.validation=5000',
    );
  });

  test('an experiment that watches the test set', () => {
    const watching = toyExperiment.replace('validation: 100', 'validation: 100, monitor: test');
    expect(complaint(() => toySweep(block, watching))).toBe(
      's.yaml:3:49 data.monitor: expected validation, which trials are judged by, got test; ' +
        'the test set is looked at once, for the winner',
    );
  });

  test('a file without a sweep', () => {
    expect(complaint(() => toySweep(''))).toBe(
      's.yaml:1:1: expected a sweep, got an experiment; `train s.yaml` trains it; ' +
        'to search, add `sweep: { method: grid, parameters: ... }`',
    );
    expect(complaint(() => sweepAlone('epochs: 3\n'))).toBe(
      's.yaml:1:1: expected an experiment with a `sweep:` block, or a Weights & Biases sweep, ' +
        'got neither sweep nor method and parameters',
    );
  });
});

describe('all mistakes of a sweep are told at once', () => {
  test('with the names that people use', () => {
    const text = `program: fit.py
metric: { name: val_accuracy, goal: maximize }
parameters:
  lr: { distribution: log_uniform, min: -7, max: -2 }
  hidden_size: { values: [32, 64] }
  dropout: { min: 0.1, max: 0.5 }
  batch_size: { values: [] }
  optimizer.wd: { values: [0, 0.0005] }
  model[0].units: { values: [4, -4, many] }
  n_epochs: { value: 5 }
early_terminate: { type: hyperband, min_iter: 2, s: 2 }
runcap: 5
`;
    const path = 'expected a path into the experiment, got';
    expect(complaintsOf(() => sweepAlone(text))).toEqual([
      's.yaml:12:1 runcap: unknown setting "runcap"; did you mean "run_cap"?',
      's.yaml:4:23 parameters.lr.distribution: expected one of constant, categorical, uniform, ' +
        'int_uniform, q_uniform, log_uniform_values, q_log_uniform_values, normal, q_normal, ' +
        'got log_uniform; its min and max are exponents of e; ' +
        'write `distribution: log_uniform_values, min: 0.0009119, max: 0.1353`',
      's.yaml:7:25 parameters.batch_size.values: expected at least one value, got []',
      's.yaml:11:18 early_terminate: expected either min_iter, or max_iter and s, got min_iter, s',
      `s.yaml:4:3 parameters.lr: ${path} lr; did you mean "optimizer.learningRate"?`,
      `s.yaml:5:3 parameters.hidden_size: ${path} hidden_size; did you mean "model[0].units"?`,
      `s.yaml:6:3 parameters.dropout: ${path} dropout; the model has no dropout layer; ` +
        'put `- { kind: dropout, rate: 0.2 }` before its last layer, then it is "model[2].rate"',
      `s.yaml:7:3 parameters.batch_size: ${path} batch_size; did you mean "batchSize"?`,
      `s.yaml:10:3 parameters.n_epochs: ${path} n_epochs; did you mean "epochs"?`,
      's.yaml:8:28 parameters.optimizer.wd.values[0]: unknown setting "wd"; did you mean "weightDecay"?',
    ]);
    const [first] = complaintsOf(() => sweepAlone(text.replace('runcap', 'run_cap')));
    expect(first).toBe(
      's.yaml:1:1: setting "method" is missing in the sweep; it is one of grid, random, bayes',
    );
  });

  test('each wrong value of a list', () => {
    expect(complaintsOf(() => toySweep(block.replace('[4, 16]', '[4, 1.5, many]')))).toEqual([
      's.yaml:16:35 sweep.parameters.model[0].units.values[1]: ' +
        'expected an integer at least 1 and at most 1048576 or "classes" or "targets", got 1.5',
      's.yaml:16:40 sweep.parameters.model[0].units.values[2]: ' +
        'expected an integer at least 1 and at most 1048576 or "classes" or "targets", got "many"',
    ]);
  });

  test('those of the experiment too', () => {
    expect(
      complaintsOf(() => toySweep(block.replace('run_cap', 'runcap'), `${toyExperiment}lr: 1\n`)),
    ).toEqual([
      's.yaml:14:3 sweep.runcap: unknown setting "runcap"; did you mean "run_cap"?',
      's.yaml:11:1 lr: unknown setting "lr"; did you mean "optimizer.learningRate"?',
    ]);
  });
});
