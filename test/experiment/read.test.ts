import { describe, expect, test } from 'vitest';
import { canonicalText, fingerprint } from '#lockstep/experiment/experiment.js';
import { readExperiment } from '#lockstep/experiment/read.js';
import { parseOverride } from '#lockstep/experiment/setting-path.js';
import { topSettings } from '#lockstep/experiment/settings.js';
import { LockstepError } from '#lockstep/foundation/errors.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { toyExperiment } from '../support/toy-data.ts';

/** The kinds of a family, as in messages. */
const known = (family: keyof typeof catalogue) => [...catalogue[family].keys()].join(', ');

const topNames = Object.keys(topSettings).join(', ');

const options = { file: 'x.yaml', name: 'x' };
const read = (text: string, ...sets: string[]) =>
  readExperiment(text, { ...options, overrides: sets.map(parseOverride) });

/** The message of the error that reading must throw. */
function complaint(text: string, ...sets: string[]): string {
  try {
    read(text, ...sets);
  } catch (error) {
    expect(error).toBeInstanceOf(LockstepError);
    expect((error as LockstepError).code).toBe('usage');
    return (error as Error).message;
  }
  throw new Error('the experiment was accepted');
}

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
      'x.yaml:5:27 model[0].units: expected an integer at least 1 and at most 1048576 or "classes" or "targets", ' +
        'got "many"',
    ],
    [
      'fraction',
      'units: 16',
      'units: 1.5',
      'x.yaml:5:27 model[0].units: expected an integer at least 1 and at most 1048576 or "classes" or "targets", ' +
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
