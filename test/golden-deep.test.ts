// Normalisations, residual blocks and label smoothing, compared with PyTorch in float64
// (test/vectors/deep_net.py).
import { describe, expect, test } from 'vitest';
import { allocateImages } from '#lockstep/data/dataset.js';
import { captureGradient } from '#lockstep/training/one-step.js';
import { inlineNetwork } from './support/inline-network.ts';
import { tinyExperiment } from './support/tiny.ts';
import { error, readVectors } from './support/vectors.ts';

type Tensors = Record<string, number[]>;

interface Golden {
  pixels: number[];
  labels: number[];
  parameters: Tensors;
  step: { logits: number[]; loss: number; gradients: Tensors; state: Tensors };
  training: { losses: number[]; parameters: Tensors; state: Tensors; evaluation: number[] };
}

const golden = readVectors<Golden>('deep-net');
const samples = allocateImages(golden.labels.length, 7);
samples.features.set(golden.pixels);
samples.targets.set(golden.labels);

const dense = (units: number | 'classes') => ({ kind: 'dense', units });
const batchNorm = { kind: 'batch-norm', momentum: 0.2, epsilon: 1e-3 };
const experiment = tinyExperiment({
  model: [
    dense(6),
    batchNorm,
    'relu',
    {
      kind: 'residual',
      layers: [
        dense(5),
        { kind: 'layer-norm', epsilon: 1e-4 },
        'gelu',
        { kind: 'residual', layers: ['tanh', dense(5)] },
      ],
      shortcut: [dense(5)],
    },
    { kind: 'residual', layers: ['relu', dense(5), batchNorm] },
    { kind: 'dropout', rate: 0 },
    'layer-norm',
    dense('classes'),
  ],
  loss: { kind: 'softmax-cross-entropy', smoothing: 0.1 },
  optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 },
});

const numbers = [
  { kernels: 'reference', bound: 1e-12 },
  // Measured: at most 42 * 2^-24, for a logit. Each normalisation divides by a deviation, and so magnifies
  // roundings.
  { kernels: 'wasm', bound: 64 * 2 ** -24 },
] as const;

describe.each(numbers)('$kernels kernels, within $bound of PyTorch', ({ kernels, bound }) => {
  const network = (settings = {}) => {
    const net = inlineNetwork(experiment, { kernels, samples, classes: 4, ...settings });
    expect(net.ids).toEqual(Object.keys(golden.parameters));
    net.setParameters(Object.values(golden.parameters));
    return net;
  };
  const close = (found: readonly number[], expected: readonly number[], name: string) => {
    expect(error(found, expected), name).toBeLessThan(bound);
  };
  const allClose = (found: readonly number[][], expected: Tensors) => {
    for (const [i, [id, values]] of Object.entries(expected).entries()) close(found[i]!, values, id);
  };

  test('logits, loss, every gradient and the running statistics of a step', () => {
    const { logits, loss, gradients, state } = golden.step;
    const net = network({ optimizer: captureGradient });
    close([net.step()], [loss], 'loss');
    close(net.logits(), logits, 'logits');
    allClose(net.slot(), gradients);
    expect(Object.keys(net.state())).toEqual(Object.keys(state));
    allClose(Object.values(net.state()), state);
  });

  test('three steps of training, then evaluation with the running statistics', () => {
    const { losses, parameters, state, evaluation } = golden.training;
    const net = network();
    for (const loss of losses) close([net.step()], [loss], 'loss');
    allClose(net.parameters(), parameters);
    allClose(Object.values(net.state()), state);
    close(net.evaluate(), evaluation, 'evaluation');
  });
});
