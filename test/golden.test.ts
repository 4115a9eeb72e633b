// A small network, compared with PyTorch in float64 (test/vectors/small_net.py).
import { describe, expect, test } from 'vitest';
import type { KindConfig } from '#lockstep/contracts/fields.js';
import { allocateImages } from '#lockstep/data/dataset.js';
import { captureGradient } from '#lockstep/training/one-step.js';
import { inlineNetwork } from './support/inline-network.ts';
import { tinyExperiment } from './support/tiny.ts';
import { error, readVectors } from './support/vectors.ts';

interface Golden {
  pixels: number[];
  labels: number[];
  ids: string[];
  parameters: number[][];
  logits: number[];
  loss: number;
  gradients: number[][];
  losses: { config: KindConfig; loss: number; gradients: number[][] }[];
  descents: { optimizer: KindConfig; losses: number[]; parameters: number[][] }[];
}

const golden = readVectors<Golden>('small-net');
const samples = allocateImages(golden.labels.length, 6);
samples.features.set(golden.pixels);
samples.targets.set(golden.labels);
const dense = (units: number | 'classes') => ({ kind: 'dense', units });
const model = [dense(5), 'relu', dense(4), { kind: 'leaky-relu', slope: 0.2 }, dense('classes')];

const numbers = [
  { kernels: 'reference', bound: 1e-12 },
  // Sums have at most 7 terms, and numbers are at most 5. Three layers forward and backward make some 60
  // roundings.
  { kernels: 'wasm', bound: 64 * 2 ** -24 },
] as const;

describe.each(numbers)('$kernels kernels, within $bound of PyTorch', ({ kernels, bound }) => {
  test('logits, loss and gradients', () => {
    const net = inlineNetwork(tinyExperiment({ model }), {
      kernels,
      samples,
      classes: 3,
      optimizer: captureGradient,
    });
    net.setParameters(golden.parameters);
    expect(net.ids).toEqual(golden.ids);
    expect(error([net.step()], [golden.loss])).toBeLessThan(bound);
    expect(error(net.logits(), golden.logits)).toBeLessThan(bound);
    for (const [p, gradient] of net.slot().entries()) {
      expect(error(gradient, golden.gradients[p]!), golden.ids[p]!).toBeLessThan(bound);
    }
  });

  test.each(golden.losses.map((one) => [JSON.stringify(one.config), one] as const))(
    'loss and gradients of %s',
    (_, { config, loss, gradients }) => {
      const experiment = tinyExperiment({ model, loss: config });
      const net = inlineNetwork(experiment, { kernels, samples, classes: 3, optimizer: captureGradient });
      net.setParameters(golden.parameters);
      expect(error([net.step()], [loss])).toBeLessThan(bound);
      for (const [p, gradient] of net.slot().entries()) {
        expect(error(gradient, gradients[p]!), golden.ids[p]!).toBeLessThan(bound);
      }
    },
  );

  test.each(golden.descents.map((one) => [JSON.stringify(one.optimizer), one] as const))(
    'five steps of %s',
    (_, { optimizer, losses, parameters }) => {
      const experiment = tinyExperiment({ model, optimizer });
      const net = inlineNetwork(experiment, { kernels, samples, classes: 3 });
      net.setParameters(golden.parameters);
      for (const loss of losses) expect(error([net.step()], [loss])).toBeLessThan(bound);
      for (const [p, found] of net.parameters().entries()) {
        expect(error(found, parameters[p]!), golden.ids[p]!).toBeLessThan(bound);
      }
    },
  );
});
