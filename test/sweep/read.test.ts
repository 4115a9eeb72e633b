// What a sweep's file comes to.
import { describe, expect, test } from 'vitest';
import { readSweep } from '#lockstep/sweep/read.js';
import { block, complaint } from '../support/read-sweep.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { sweepAlone, toySweep } from '../support/toy-sweep.ts';

describe('the objective', () => {
  const sweepBy = (metric: string, parameter: string, experiment = toyExperiment) =>
    toySweep(`sweep:\n  method: grid\n  metric: ${metric}\n  parameters:\n    ${parameter}\n`, experiment);
  const loss = '{ name: val_loss, goal: minimize }';

  test('is no loss if the trials count it in other units', () => {
    const message = (column: number, path: string) =>
      `s.yaml:15:${column} sweep.parameters.${path}: expected nothing that changes the unit of val_loss, ` +
      `which judges the trials, got ${path}; judge them by a figure such as val_accuracy or val_f1: ` +
      '`metric: { name: val_f1, goal: maximize }`';
    for (const [path, values] of [
      ['loss', '[softmax-cross-entropy, mean-squared-error]'],
      ['loss.kind', '[softmax-cross-entropy, mean-squared-error]'],
      ['loss.smoothing', '[0, 0.1]'],
    ] as const) {
      const parameter = `${path}: { values: ${values} }`;
      expect(complaint(() => sweepBy(loss, parameter))).toBe(message(5, path));
      expect(sweepBy('{ name: val_f1, goal: maximize }', parameter).sweep.size).toBe(2);
    }
    // One value varies nothing.
    expect(sweepBy(loss, 'loss: { value: mean-squared-error }').sweep.size).toBe(1);
  });

  test('that looks for the worst is warned of', () => {
    const parameter = 'model[0].units: { values: [4, 16] }';
    expect(sweepBy('{ name: val_loss, goal: maximize }', parameter).warnings).toEqual([
      's.yaml:13:35 sweep.metric.goal: to maximize val_loss is to look for the worst network; ' +
        'the best has `goal: minimize`',
    ]);
    expect(sweepBy('{ name: val_accuracy, goal: minimize }', parameter).warnings).toEqual([
      's.yaml:13:39 sweep.metric.goal: to minimize val_accuracy is to look for the worst network; ' +
        'the best has `goal: maximize`',
    ]);
    expect(sweepBy(loss, parameter).warnings).toEqual([]);
    expect(sweepBy('{ name: val_f1, goal: maximize }', parameter).warnings).toEqual([]);
  });
});

describe('a sweep over kinds', () => {
  test('gives each optimizer its own learning rate, and says so once', () => {
    const { resolve, warnings } = toySweep(
      block.replace(/ {4}optimizer.*\n/, '    optimizer.kind: { values: [sgd, adam] }\n'),
    );
    const rateOf = (kind: string) =>
      resolve({ 'optimizer.kind': kind, 'model[0].units': 4 }).experiment.optimizer.learningRate;
    expect([rateOf('sgd'), rateOf('adam')]).toEqual([0.1, 0.001]);
    expect(warnings).toEqual([
      's.yaml:15:37 sweep.parameters.optimizer.kind.values[1]: learningRate 0.1 and momentum 0.9 ' +
        'of sgd are dropped; adam has its own learningRate, 0.001',
    ]);
  });

  test('takes the learning rate of the point', () => {
    const { resolve, warnings } = toySweep(`${block}    optimizer: { values: [sgd, adam] }\n`);
    const point = { 'model[0].units': 4, 'optimizer.learningRate': 0.5, optimizer: 'adam' };
    expect(resolve(point).experiment.optimizer).toMatchObject({ kind: 'adam', learningRate: 0.5 });
    expect(warnings).toEqual([]);
  });
});

test('a length replaced beside the block is the only one, in the written file too', () => {
  const steps = toyExperiment.replace('epochs: 3', 'steps: 3');
  const open = () => ({ text: steps, file: 'other.yaml', name: 'other' });
  const { written } = readSweep(`experiment: other\nepochs: 7\n${block}`, {
    file: 's.yaml',
    name: 's',
    open,
  });
  expect(written).toMatchObject({ epochs: 7 });
  expect(written).not.toHaveProperty('steps');
});

test('a warm-up longer than the trainings is warned of once', () => {
  const { warnings } = toySweep(block, `${toyExperiment}schedule: { kind: cosine, warmup: 4 }\n`);
  expect(warnings).toEqual([
    's.yaml:11:35 schedule.warmup: the warm-up of 4 epochs is longer than the training of 3 epochs, ' +
      'which never comes to its full learning rate',
  ]);
});

describe('a sweep that names its experiment', () => {
  test('replaces settings by those beside the block', () => {
    const { base, resolve, written } = sweepAlone(`experiment: toy\nepochs: 7\n${block}`);
    expect(base.experiment).toMatchObject({ name: 'toy', epochs: 7, batchSize: 25 });
    expect(resolve({ 'optimizer.learningRate': 0.5, 'model[0].units': 16 }).experiment).toMatchObject({
      epochs: 7,
      optimizer: { learningRate: 0.5, momentum: 0.9 },
      model: [{ units: 16 }, { kind: 'relu' }, {}],
    });
    expect(written).toMatchObject({ name: 'toy', epochs: 7, batchSize: 25 });
    expect(written).not.toHaveProperty('sweep');
  });
  test('has mistakes beside the block told at their place', () => {
    expect(complaint(() => sweepAlone(`experiment: toy\nepochs: 0\n${block}`))).toBe(
      's.yaml:2:9 epochs: expected an integer at least 1, got 0',
    );
  });
});

test('a parameter that replaces a map comes before one that replaces a part of it', () => {
  const { resolve } = toySweep(`sweep:
  method: grid
  parameters:
    optimizer.learningRate: { values: [0.5, 0.25] }
    optimizer: { values: [{ kind: adam, learningRate: 1 }, { kind: sgd, learningRate: 1 }] }
`);
  const { optimizer } = resolve({
    'optimizer.learningRate': 0.25,
    optimizer: { kind: 'adam', learningRate: 1 },
  }).experiment;
  expect(optimizer).toMatchObject({ kind: 'adam', learningRate: 0.25 });
});
