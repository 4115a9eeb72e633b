// The golden trainings (scripts/golden.mjs): tiny experiments as in their files, each with its data.
import { spirals } from '../dist/src/data/made/spirals.js';
import { twoMoons } from '../dist/src/data/made/two-moons.js';
import { colourDataset, flagsDataset, tableDataset, valuesDataset } from './golden-data.mjs';

/** Classes of grey pictures: those that have been there since 0.1.0. */
export const goldenExperiments = {
  momentum: {
    seed: 11,
    data: { validation: 50 },
    model: [
      { kind: 'dense', units: 37 },
      { kind: 'leaky-relu', slope: 0.1 },
      { kind: 'dense', units: 19 },
      'relu',
      { kind: 'dense', units: 'classes' },
    ],
    optimizer: {
      kind: 'sgd',
      learningRate: 0.05,
      momentum: 0.9,
      nesterov: true,
      weightDecay: 0.0005,
      decayExempt: 'none',
    },
    schedule: { kind: 'cosine', warmup: 0.5, floor: 0.01 },
    batchSize: 37,
    epochs: 3,
  },
  // 550 images make minibatches of 280 and 270 rows, more than one cut of a sum.
  reference: {
    seed: 12,
    data: { validation: 50 },
    model: [
      { kind: 'dense', units: 23, initializer: 'glorot-uniform' },
      'relu',
      { kind: 'dense', units: 'classes', initializer: { kind: 'uniform', limit: 0.2 } },
    ],
    optimizer: { kind: 'sgd', learningRate: 0.5 },
    schedule: { kind: 'step', every: 2, factor: 0.3 },
    batchSize: 280,
    epochs: 5,
    kernels: 'reference',
  },
  // Layers that skip the zeros of the rectifiers before them, with sums in several cuts, and the norm of a
  // gradient in their blocks.
  rectified: {
    seed: 14,
    data: { validation: 50 },
    model: [
      { kind: 'dense', units: 96 },
      'relu',
      { kind: 'dropout', rate: 0.2 },
      { kind: 'dense', units: 120 },
      'relu',
      { kind: 'dense', units: 64 },
      'relu',
      { kind: 'dense', units: 'classes' },
    ],
    optimizer: { kind: 'sgd', learningRate: 0.2, momentum: 0.9, weightDecay: 0.001, clipNorm: 0.4 },
    schedule: 'cosine',
    batchSize: 280,
    epochs: 5,
  },
};

/** The other kinds of data and targets, each with a training that follows its validation figures. */
export const goldenTasks = {
  // Standardised numbers, words, gaps in both, weights of classes.
  table: {
    dataset: tableDataset,
    settings: {
      seed: 21,
      data: { validation: 0.2, missing: 'category' },
      model: [{ kind: 'dense', units: 21 }, 'relu', { kind: 'dense', units: 'targets' }],
      classWeights: 'balanced',
      optimizer: { kind: 'adamw', learningRate: 0.02, weightDecay: 0.01 },
      batchSize: 32,
      epochs: 25,
      earlyStopping: { metric: 'f1', patience: 4 },
    },
  },
  // Two standardised targets, statistics of a minibatch, a last minibatch of one row.
  values: {
    dataset: valuesDataset,
    settings: {
      seed: 22,
      data: { validation: 99 },
      model: [
        { kind: 'dense', units: 18 },
        'batch-norm',
        'tanh',
        { kind: 'dense', units: 9 },
        'relu',
        { kind: 'dense', units: 'targets' },
      ],
      loss: { kind: 'huber', delta: 0.8 },
      optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, clipNorm: 1 },
      schedule: { kind: 'reduce-on-plateau', metric: 'r2', factor: 0.3, patience: 1 },
      batchSize: 32,
      epochs: 14,
    },
  },
  // Numbers scaled to 0..1, words as classes of their own where they are missing.
  flags: {
    dataset: flagsDataset,
    settings: {
      seed: 23,
      data: { validation: 60, missing: 'mean', preparation: 'min-max' },
      model: [
        { kind: 'dense', units: 40 },
        'relu',
        { kind: 'dropout', rate: 0.1 },
        { kind: 'dense', units: 'targets' },
      ],
      loss: 'binary-cross-entropy',
      optimizer: { kind: 'adam', learningRate: 0.01 },
      batchSize: 24,
      epochs: 40,
      earlyStopping: { metric: 'loss', patience: 2, minDelta: 0.002 },
    },
  },
  // Three channels, distorted anew in each epoch.
  colour: {
    dataset: colourDataset,
    settings: {
      seed: 24,
      data: { validation: 60 },
      model: [{ kind: 'dense', units: 48 }, 'relu', { kind: 'dense', units: 'classes' }],
      augmentation: [{ kind: 'affine', rotation: 8, scale: 0.1 }, 'elastic', 'flip'],
      optimizer: { kind: 'rmsprop', learningRate: 0.001 },
      schedule: { kind: 'reduce-on-plateau', metric: 'loss', factor: 0.5, patience: 0 },
      batchSize: 30,
      epochs: 20,
      earlyStopping: { metric: 'accuracy', patience: 3 },
    },
  },
  // Windows with strides, padding, dilation and groups, both pools, statistics of channels, and a minibatch
  // of more than one cut.
  convolution: {
    dataset: colourDataset,
    settings: {
      seed: 27,
      data: { validation: 60 },
      model: [
        { kind: 'conv', channels: 6, kernel: [3, 2], padding: 'same', bias: false },
        'batch-norm',
        'relu',
        { kind: 'max-pool', size: 3, stride: 2, padding: 1 },
        {
          kind: 'residual',
          layers: [
            { kind: 'conv', channels: 10, kernel: 3, stride: [2, 1], padding: 1, groups: 2 },
            'batch-norm',
            'relu',
            { kind: 'dropout', rate: 0.1, per: 'channel' },
            { kind: 'conv', channels: 10, kernel: 3, padding: 2, dilation: 2, groups: 10 },
          ],
          shortcut: [{ kind: 'conv', channels: 10, kernel: 1, stride: [2, 1] }],
        },
        'relu',
        { kind: 'average-pool', size: 2, stride: 1, padding: 'same' },
        { kind: 'conv', channels: 8, kernel: 2 },
        'silu',
        {
          kind: 'residual',
          layers: ['global-average-pool', { kind: 'dense', units: 9 }],
          shortcut: ['flatten', { kind: 'dense', units: 9 }],
        },
        { kind: 'dense', units: 'classes' },
      ],
      augmentation: [{ kind: 'shift', pixels: 1 }],
      optimizer: { kind: 'adam', learningRate: 0.03, clipNorm: 2 },
      schedule: 'cosine',
      batchSize: 270,
      epochs: 10,
    },
  },
  // Points that are made by sine and cosine, in a training that a browser can do, too.
  'two-moons': {
    dataset: () => twoMoons({ samples: 300, noise: 0.2, seed: 5 }),
    settings: {
      seed: 25,
      data: { validation: 40 },
      model: [{ kind: 'dense', units: 5 }, 'tanh', { kind: 'dense', units: 'classes' }],
      optimizer: { kind: 'adam', learningRate: 0.02 },
      batchSize: 16,
      epochs: 6,
    },
  },
  spirals: {
    dataset: () => spirals({ samples: 310, noise: 0.05, turns: 0.75, arms: 3, seed: 6 }),
    settings: {
      seed: 26,
      data: { validation: 0.2, preparation: 'none' },
      model: [{ kind: 'dense', units: 12 }, 'silu', { kind: 'dense', units: 'classes' }],
      optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
      schedule: 'cosine',
      batchSize: 20,
      epochs: 10,
    },
  },
};
