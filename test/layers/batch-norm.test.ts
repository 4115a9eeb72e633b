// The promises of batch normalisation beyond the contract of all layers.
import { describe, expect, test } from 'vitest';
import { inline } from '#lockstep/parallel/inline.js';
import { resolve, runToEnd, syntheticDataset } from '../../scripts/golden.mjs';
import { backendNames } from '../support/kernel-space.ts';
import { allRows, layerContext, rows } from '../support/layer-context.ts';

const config = { kind: 'batch-norm', momentum: 0.25, epsilon: 1e-5 };

/** Mean and variance of each column by plain sums in float64. */
function momentsOf(x: (row: number) => ArrayLike<number>) {
  const columns = Array.from({ length: x(0).length }, (_, j) =>
    Array.from({ length: rows }, (_, r) => x(r)[j]!),
  );
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / rows);
  const squares = columns.map((column, j) => column.reduce((sum, value) => sum + (value - mean[j]!) ** 2, 0));
  return { mean, squares };
}

describe.each(backendNames)('%s kernels', (kernels) => {
  test('in training, features with gamma 1 and beta 0 have mean 0 and variance 1 in the minibatch', () => {
    const site = layerContext(config, { kernels });
    site.set('gamma', 1);
    site.set('beta', 0);
    site.run([allRows]);
    const { mean, squares } = momentsOf(site.y);
    for (const value of mean) expect(value).toBeCloseTo(0, 5);
    for (const value of squares) expect(value / rows).toBeCloseTo(1, 3);
  });

  test('the running statistics follow those of the minibatch, the variance unbiased', () => {
    const site = layerContext(config, { kernels });
    const before = { mean: site.vector('runningMean'), variance: site.vector('runningVariance') };
    site.run([allRows]);
    const { mean, squares } = momentsOf(site.x);
    for (const [j, value] of site.vector('runningMean').entries()) {
      expect(value).toBeCloseTo(0.75 * before.mean[j]! + 0.25 * mean[j]!, 5);
    }
    for (const [j, value] of site.vector('runningVariance').entries()) {
      expect(value).toBeCloseTo(0.75 * before.variance[j]! + (0.25 * squares[j]!) / (rows - 1), 5);
    }
  });

  test('evaluating, the running statistics are used, and stay', () => {
    const site = layerContext(config, { kernels, training: false });
    const [mean, variance] = [site.vector('runningMean'), site.vector('runningVariance')];
    const [gamma, beta] = [site.vector('gamma'), site.vector('beta')];
    site.layer.forward(allRows);
    for (const [j, value] of site.y(4).entries()) {
      const xhat = (site.x(4)[j]! - mean[j]!) / Math.sqrt(variance[j]! + 1e-5);
      expect(value).toBeCloseTo(gamma[j]! * xhat + beta[j]!, 4);
    }
    expect(site.vector('runningMean')).toEqual(mean);
  });

  test('a minibatch of one row has variance 0: y is beta, dx is 0, and every number is finite', () => {
    const site = layerContext(config, { kernels });
    const one = { first: 0, count: 1 };
    const features = { first: 0, count: 21 };
    const before = site.vector('runningVariance');
    site.layer.statistics!.forward(features, one);
    site.layer.forward(one);
    site.layer.statistics!.backward(features, one);
    site.layer.backward(one, one);
    expect([...site.y(0)]).toEqual(site.vector('beta'));
    expect([...site.dx(0)].every((value) => value === 0)).toBe(true);
    for (const [j, value] of site.vector('runningVariance').entries()) {
      expect(value).toBeCloseTo(0.75 * before[j]!, 6);
    }
  });
});

test('state is part of what a training ends with, and not of the digest’s parameters', async () => {
  const experiment = resolve({
    data: { validation: 50 },
    model: [{ kind: 'dense', units: 9 }, 'batch-norm', 'relu', { kind: 'dense', units: 'classes' }],
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    batchSize: 50,
    epochs: 3,
  });
  const { epochs, end } = await runToEnd(experiment, syntheticDataset(), inline());
  expect(end.weights.map(({ id }) => id)).toEqual([
    'model.0.W',
    'model.0.b',
    'model.1.gamma',
    'model.1.beta',
    'model.3.W',
    'model.3.b',
  ]);
  expect(end.state.map(({ id, shape }) => [id, shape])).toEqual([
    ['model.1.runningMean', [9]],
    ['model.1.runningVariance', [9]],
  ]);
  expect(end.state.every(({ values }) => values.every((value) => Number.isFinite(value)))).toBe(true);
  expect(epochs.at(-1)!.validation!.accuracy).toBeGreaterThan(0.3);
});
