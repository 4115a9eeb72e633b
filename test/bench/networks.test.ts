// The networks that benches measure, as experiments.
import { expect, test } from 'vitest';
import { scaled } from '../../bench/sections/scaling.mjs';
import {
  benchExperiment,
  convolutional,
  networkNames,
  networkOf,
  networks,
  samplesOf,
  scaledFrom,
  warmUpsOf,
  wide,
} from '../../bench/support/networks.mjs';

const all = [...networks, ...convolutional, wide];

test.each(all)('$name is found, and trains without distortion and at a constant rate', (network) => {
  expect(networkOf(network.name)).toBe(network);
  const experiment = benchExperiment(network, { batchSize: 96, epochs: 3 });
  expect(experiment).toMatchObject({
    ...{ batchSize: 96, epochs: 3, augmentation: [], schedule: { kind: 'constant' } },
    data: { source: 'mnist', validation: 0 },
  });
  expect(experiment.optimizer.learningRate).toBe(experiment.optimizer.kind === 'sgd' ? 0.02 : 0.001);
});

test('those that take long have whole minibatches of some images, and say so', () => {
  for (const network of [...convolutional, wide]) {
    const samples = samplesOf(network);
    expect(samples % 1024, network.name).toBe(0);
    expect(benchExperiment(network, { batchSize: 64, epochs: 1 }).data).toMatchObject({ training: samples });
    expect(scaledFrom(samples)).toEqual({ 'scaled from': `${samples} images` });
    expect(warmUpsOf(network, 64)).toBe(2);
  }
  expect(networks.map(samplesOf)).toEqual(Array(5).fill(60_000));
  expect(scaledFrom(60_000)).toBeUndefined();
});

test('the convolutional ones are those of their names', () => {
  const kinds = convolutional.map((network) =>
    benchExperiment(network, { batchSize: 64, epochs: 1 }).model.map(({ kind, channels, units }) =>
      [kind, channels ?? units ?? []].flat().join(' '),
    ),
  );
  const block = (channels: number) => [`conv ${channels}`, 'relu', 'max-pool'];
  expect(kinds).toEqual([
    [...block(6), ...block(16), 'dense 120', 'relu', 'dense 84', 'relu', 'dense classes'],
    [...block(32), ...block(64), 'dense 128', 'relu', 'dense classes'],
  ]);
});

test('more threads are measured with networks that there are', () => {
  for (const [name] of scaled) expect(networkNames).toContain(name);
});
