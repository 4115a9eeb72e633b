// Small trainings, each of which is divided among threads in another way.
import { type Settings, syntheticDataset } from '../../scripts/golden.mjs';

const dense = (units: number | 'classes') => ({ kind: 'dense', units });

export const dataset = syntheticDataset({ train: 503, test: 97 });

/** Settings by what is tried with them. */
export const experiments: Record<string, Settings> = {
  'narrow layers, a last minibatch of 3 rows': {
    data: { validation: 56 },
    model: [dense(17), 'leaky-relu', dense(5), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.001 },
    schedule: { kind: 'cosine', warmup: 1 },
    batchSize: 37,
    epochs: 3,
  },
  'wide layers of several blocks, sums that are cut': {
    data: { validation: 33, monitor: 'test' },
    model: [dense(131), 'relu', dense(97), 'leaky-relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
    batchSize: 300,
    epochs: 4,
  },
  'layers that skip the zeros of rectifiers, over sums that are cut': {
    data: { validation: 33 },
    model: [
      dense(97),
      'relu',
      'dropout',
      dense(128),
      'relu',
      dense(64),
      'batch-norm',
      'relu',
      dense('classes'),
    ],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, clipNorm: 1 },
    batchSize: 300,
    epochs: 4,
  },
  'minibatches of 3 rows, without validation': {
    data: { validation: 0 },
    model: [dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.02 },
    schedule: { kind: 'step', every: 1, factor: 0.5 },
    batchSize: 3,
    epochs: 2,
  },
  'a gradient clipped by its norm, over sums that are cut': {
    data: { validation: 56 },
    model: [dense(131), 'relu', 'batch-norm', dense(97), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.5, momentum: 0.9, weightDecay: 0.001, clipNorm: 0.3 },
    batchSize: 300,
    epochs: 4,
  },
  'statistics of the minibatch, a last one of a single row': {
    data: { validation: 52 },
    model: ['batch-norm', dense(37), 'batch-norm', 'relu', dense(5), 'batch-norm', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 },
    batchSize: 45,
    epochs: 3,
  },
  'statistics over sums that are cut': {
    data: { validation: 33 },
    model: [dense(37), 'batch-norm', 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    batchSize: 300,
    epochs: 2,
  },
  'smooth activations, and masks that are drawn': {
    data: { validation: 56 },
    model: [
      dense(37),
      'gelu',
      { kind: 'dropout', rate: 0.2 },
      dense(19),
      'tanh',
      'dropout',
      dense('classes'),
    ],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
    batchSize: 37,
    epochs: 3,
  },
  'two layers of different widths that read the images': {
    data: { validation: 56 },
    model: [
      { kind: 'residual', layers: [dense(37), 'relu', dense(70)], shortcut: [dense(70)] },
      'relu',
      dense('classes'),
    ],
    optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.5 },
    batchSize: 300,
    epochs: 3,
  },
  'images that are distorted anew in each epoch': {
    data: { validation: 56 },
    augmentation: [
      { kind: 'shift', pixels: 1 },
      { kind: 'affine', scale: 0.05 },
      { kind: 'elastic', sigma: 3 },
    ],
    model: [dense(37), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
    batchSize: 37,
    epochs: 3,
  },
  'images that are distorted, float64 kernels': {
    data: { validation: 303 },
    augmentation: ['flip', 'affine', { kind: 'elastic', alpha: 4, sigma: 1.5 }],
    model: [dense(19), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
    batchSize: 33,
    epochs: 3,
    kernels: 'reference',
  },
  'float64 kernels': {
    data: { validation: 303 },
    model: [dense(19), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
    batchSize: 33,
    epochs: 2,
    kernels: 'reference',
  },
};
