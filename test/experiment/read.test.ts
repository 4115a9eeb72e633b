// What an experiment's file comes to.
import { describe, expect, test } from 'vitest';
import { canonicalText, fingerprint } from '#lockstep/experiment/experiment.js';
import { readExperiment } from '#lockstep/experiment/read.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { complaint, options, read } from '../support/read-experiment.ts';
import { toyExperiment } from '../support/toy-data.ts';

describe('the length of a training', () => {
  test('is given once', () => {
    expect(complaint(toyExperiment.replace('epochs:', 'steps: 3\nepochs:'))).toMatch(
      /^x\.yaml:\d+:1 steps: expected either epochs or steps, .*got both/,
    );
    expect(complaint(toyExperiment.replace(/^epochs:.*$/m, ''))).toMatch(
      /^x\.yaml:1:1: expected either epochs or steps, .*got neither/,
    );
  });

  test('on the command line replaces that of the file, of either kind', () => {
    const { experiment } = read(toyExperiment, 'steps=7');
    expect(experiment.steps).toBe(7);
    expect(experiment).not.toHaveProperty('epochs');
  });

  test('figures are taken by epochs or by steps', () => {
    expect(complaint(toyExperiment, 'evaluateEvery={epochs: 1, steps: 2}')).toContain(
      'expected either epochs or steps',
    );
    expect(complaint(toyExperiment, 'evaluateEvery={}')).toContain('expected either epochs or steps');
  });
});

describe('an initializer for all layers', () => {
  const text = `
initializer: lecun-normal
model:
  - { kind: dense, units: 4 }
  - { kind: dense, units: 5, initializer: zeros }
  - kind: residual
    layers: [{ kind: dense, units: 5 }]
  - { kind: dense, units: classes }
optimizer: { kind: sgd, learningRate: 0.1 }
batchSize: 4
epochs: 1
`;
  test('goes to those that have none of their own, also inside residual blocks', () => {
    const { experiment } = read(text);
    const kinds = JSON.stringify(experiment.model).match(/(?<="initializer":{"kind":")[^"]*/g);
    expect(kinds).toEqual(['lecun-normal', 'zeros', 'lecun-normal', 'lecun-normal']);
    expect(experiment).not.toHaveProperty('initializer');
  });

  test('is told of where it stands', () => {
    expect(complaint(text.replace('lecun-normal', 'lecun'))).toMatch(/^x\.yaml:2:14 initializer: unknown/);
  });
});

describe('augmentations', () => {
  const text = `${toyExperiment}augmentation:
  - shift
  - { sigma: 3, kind: elastic }
`;
  test('are a list of kinds, in the order in which they are done', () => {
    expect(read(text).experiment.augmentation).toEqual([
      { kind: 'shift', pixels: 2 },
      { kind: 'elastic', alpha: 34, sigma: 3 },
    ]);
    expect(Object.keys(read(text).experiment.augmentation[1]!)).toEqual(['kind', 'alpha', 'sigma']);
    expect(read(toyExperiment).experiment.augmentation).toEqual([]);
  });
  test('are told of where they stand', () => {
    expect(complaint(text.replace('- shift', '- shft'))).toBe(
      'x.yaml:12:5 augmentation[0]: unknown augmentation "shft"; did you mean "shift"?',
    );
    expect(complaint(text.replace('sigma: 3', 'sigma: 0'))).toBe(
      'x.yaml:13:14 augmentation[1].sigma: expected a number above 0 and at most 32, got 0',
    );
  });
});

describe('overrides', () => {
  test('replace a setting, whichever way the path is written', () => {
    expect(read(toyExperiment, 'model[0].units=7').experiment.model[0]).toMatchObject({ units: 7 });
    expect(read(toyExperiment, 'model.0.units=7').experiment.model[0]).toMatchObject({ units: 7 });
    expect(read(toyExperiment, 'schedule={kind: step, every: 2}').experiment.schedule).toEqual({
      kind: 'step',
      warmup: 0,
      every: 2,
      factor: 0.1,
    });
  });
  test('reach into what was written as a bare name', () => {
    expect(read(toyExperiment, 'model[1]=leaky-relu', 'model[1].slope=0.2').experiment.model[1]).toEqual({
      kind: 'leaky-relu',
      slope: 0.2,
    });
  });
  test('are named in messages instead of the file', () => {
    expect(complaint(toyExperiment, 'optimizer.momentum=2')).toBe(
      '--set optimizer.momentum: expected a number at least 0 and below 1, got 2',
    );
    expect(complaint(toyExperiment, 'a.b=1')).toMatch(
      /^--set a\.b: unknown setting "a"; known settings: name,/,
    );
    expect(complaint(toyExperiment, 'model[9].units=1')).toBe(
      '--set model[9].units: expected a path into the experiment, got model[9], which holds nothing',
    );
    expect(complaint(toyExperiment, 'epochs.x=1')).toBe(
      '--set epochs.x: expected a path into the experiment, got epochs, which holds 3',
    );
  });
});

describe('a member of a family that becomes another kind', () => {
  const { optimizer: own } = read(toyExperiment).experiment;
  const optimizerOf = (...sets: string[]) => read(toyExperiment, ...sets).experiment.optimizer;
  const adam = {
    kind: 'adam',
    learningRate: 0.001,
    weightDecay: 0,
    decayExempt: 'biases-and-norms',
    clipNorm: 0,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
  };

  test('brings its learning rate along, and says so', () => {
    const { experiment, notes } = read(toyExperiment.replace('0.1, mom', '0.2, mom'), 'optimizer=adam');
    expect(experiment.optimizer).toEqual(adam);
    expect(notes).toEqual([
      '--set optimizer: adam has its own learningRate, 0.001; the 0.2 of sgd is dropped',
    ]);
    expect(read(toyExperiment, 'optimizer={kind: adam, learningRate: 0.1}').notes).toEqual([]);
  });

  test('drops the settings that it does not have, and keeps those that both declare alike', () => {
    const { experiment, notes } = read(
      toyExperiment.replace('0.9 }', '0.9, clipNorm: 2 }'),
      'optimizer.kind=adam',
    );
    expect(experiment.optimizer).toEqual({ ...adam, clipNorm: 2 });
    expect(notes).toEqual([
      '--set optimizer.kind: learningRate 0.1 and momentum 0.9 of sgd are dropped; ' +
        'adam has its own learningRate, 0.001',
    ]);
    // A factor of step, 0.1 unless given, is no factor of exponential, 0.9 unless given.
    const step = `${toyExperiment}schedule: { kind: step, every: 2, warmup: 1, factor: 0.3 }\n`;
    expect(read(step, 'schedule.kind=exponential').experiment.schedule).toEqual({
      kind: 'exponential',
      warmup: 1,
      factor: 0.9,
    });
    const smooth = `${toyExperiment}loss: { kind: softmax-cross-entropy, smoothing: 0.1 }\n`;
    for (const set of ['loss=mean-squared-error', 'loss.kind=mean-squared-error']) {
      expect(read(smooth, set).experiment.loss).toEqual({ kind: 'mean-squared-error' });
    }
    expect(read(toyExperiment, 'model[1].kind=elu').experiment.model[1]).toEqual({ kind: 'elu', alpha: 1 });
  });

  test('has the settings that the command line gives, in whatever order', () => {
    for (const kind of ['optimizer=adam', 'optimizer.kind=adam']) {
      for (const sets of [
        [kind, 'optimizer.learningRate=0.3'],
        ['optimizer.learningRate=0.3', kind],
      ]) {
        expect(optimizerOf(...sets)).toEqual({ ...adam, learningRate: 0.3 });
      }
    }
    expect(read(toyExperiment, 'optimizer=adam', 'optimizer.learningRate=0.3').notes).toEqual([]);
    expect(complaint(toyExperiment, 'optimizer.momentum=0.5', 'optimizer.kind=adam')).toBe(
      '--set optimizer.momentum: unknown setting "momentum"; ' +
        'optimizer.momentum is a setting of sgd, and here the optimizer is adam',
    );
  });

  test('is reached where the file leaves it to the default', () => {
    const { experiment } = read(toyExperiment, 'loss.smoothing=0.1', 'schedule.warmup=2');
    expect(experiment.loss).toEqual({ kind: 'softmax-cross-entropy', smoothing: 0.1 });
    expect(experiment.schedule).toEqual({ kind: 'constant', warmup: 2 });
  });

  test('is the same member if the kind is the same, and told if there is no such kind', () => {
    expect(optimizerOf('optimizer.kind=sgd')).toEqual(own);
    expect(complaint(toyExperiment, 'optimizer.kind=adma')).toBe(
      '--set optimizer.kind: unknown optimizer "adma"; did you mean "adam"?',
    );
  });
});

test('every optimizer has a learning rate of its own', () => {
  for (const kind of catalogue.optimizer.keys()) {
    const text = toyExperiment.replace(/^optimizer.*$/m, `optimizer: ${kind}`);
    expect(read(text).experiment.optimizer.learningRate).toBeGreaterThan(0);
  }
});

test('where the data comes from changes no fingerprint', () => {
  const { experiment } = read(toyExperiment, 'data.from=a friend');
  expect(experiment.data.from).toBe('a friend');
  expect(canonicalText(experiment)).toContain('from: a friend');
  expect(fingerprint(experiment)).toBe(fingerprint(read(toyExperiment).experiment));
});

describe('a resolved experiment', () => {
  test('has every setting, and reads as itself', () => {
    const { experiment } = read(toyExperiment);
    expect(experiment).toMatchObject({
      description: '',
      loss: { kind: 'softmax-cross-entropy' },
      schedule: { kind: 'constant' },
      kernels: 'wasm',
      execution: { threads: 'auto' },
    });
    const text = canonicalText(experiment);
    expect(canonicalText(read(text).experiment)).toBe(text);
  });
  test('may share its file with keys of somebody else', () => {
    const text = `${toyExperiment}sweep: { method: grid }\n`;
    expect(complaint(text)).toBe(
      'x.yaml:1:1: expected an experiment, got a sweep; `train sweep x.yaml` runs it',
    );
    const { experiment } = readExperiment(text, { ...options, apart: ['sweep', 'absent'] });
    expect(canonicalText(experiment)).toBe(canonicalText(read(toyExperiment).experiment));
  });
  test('is the same text whatever the order of its settings', () => {
    const shuffled = toyExperiment
      .split('\n')
      .reverse()
      .join('\n')
      .replace(/^ {2}- .*\n/gm, '');
    const model = 'model: [{ units: 16, kind: dense }, relu, { units: classes, kind: dense }]\n';
    const { experiment } = read(model + shuffled.replace('model:\n', ''));
    expect(canonicalText(experiment)).toBe(canonicalText(read(toyExperiment).experiment));
  });
  test('has a fingerprint that follows the numerics and ignores execution, name and place', () => {
    const of = (...sets: string[]) => fingerprint(read(toyExperiment, ...sets).experiment);
    for (const same of ['execution.threads=7', 'name=other', 'description=words', 'data.source=elsewhere']) {
      expect(of(same)).toBe(of());
    }
    for (const other of [
      'seed=6',
      'epochs=4',
      'model[0].units=17',
      'optimizer.momentum=0',
      'data.validation=99',
      'kernels=reference',
      'augmentation=[shift]',
      'augmentation=[{kind: shift, pixels: 3}]',
    ]) {
      expect(of(other)).not.toBe(of());
    }
  });
});
