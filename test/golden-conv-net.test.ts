// Convolutions, pools and batch-norm by channel, compared with PyTorch in float64 (test/vectors/conv_net.py).
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

const golden = readVectors<Golden>('conv-net');
const samples = allocateImages(golden.labels.length, 9 * 8 * 2);
samples.features.set(golden.pixels);
samples.targets.set(golden.labels);

const dense = (units: number | 'classes') => ({ kind: 'dense', units });
const conv = (channels: number, kernel: number | number[], settings = {}) => ({
  ...{ kind: 'conv', channels, kernel },
  ...settings,
});
const batchNorm = { kind: 'batch-norm', momentum: 0.2, epsilon: 1e-3 };
const experiment = tinyExperiment({
  model: [
    conv(4, [3, 2], { padding: 'same' }),
    batchNorm,
    'relu',
    { kind: 'max-pool', size: 3, stride: 2, padding: 1 },
    {
      kind: 'residual',
      layers: [
        conv(6, 3, { stride: 2, padding: 1 }),
        batchNorm,
        'relu',
        conv(6, 3, { padding: 1, groups: 2, bias: false }),
        batchNorm,
      ],
      shortcut: [conv(6, 1, { stride: 2 }), batchNorm],
    },
    'relu',
    conv(6, 3, { padding: 2, dilation: 2, groups: 6 }),
    { kind: 'average-pool', size: 2, stride: 1, padding: 1 },
    'layer-norm',
    'silu',
    { kind: 'dropout', rate: 0, per: 'channel' },
    {
      kind: 'residual',
      layers: ['global-average-pool', dense(5)],
      shortcut: ['flatten', dense(5)],
    },
    'relu',
    dense('classes'),
  ],
  optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.01 },
});

const numbers = [
  { kernels: 'reference', bound: 1e-12 },
  { kernels: 'wasm', bound: 64 * 2 ** -24 },
] as const;

describe.each(numbers)('$kernels kernels, within $bound of PyTorch', ({ kernels, bound }) => {
  const network = (settings = {}) => {
    const net = inlineNetwork(experiment, { kernels, samples, picture: [9, 8, 2], classes: 3, ...settings });
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
