// The measured networks, with their layers, loss and optimizer: those of experiments/seeds, and a wide one.
import { readFileSync } from 'node:fs';
import { readExperiment } from '../../dist/src/experiment/read.js';
import { warmUps } from './lockstep-epochs.mjs';

/** The training images of MNIST, which all times are given for. */
export const epochSamples = 60_000;

export const networks = [
  { name: '784-128-10', file: 'one-hidden-128' },
  { name: '784-256-128-10 leaky', file: 'leaky-relu-256-128' },
  { name: '784-64-BN-32-10', file: 'batchnorm-64-32' },
  { name: '784-512-128-64-10', file: 'from-scratch-512-128-64' },
  { name: '784-128-128-10 skip', file: 'tensorcraft-skip' },
];

/**
 * A network whose weights are larger than a core's caches. Benches measure it only if it is named, or with
 * large batches. A step takes so long that a tenth of the images shows how long an epoch takes: `samples`,
 * a multiple of 1,024. `warmUps`: epochs of so many.
 */
export const wide = {
  name: '784-2048-2048-10',
  folder: 'bench/networks',
  file: 'wide-2048-2048',
  samples: 6144,
  warmUps: 2,
};

/** The name of every network. */
export const networkNames = [...networks, wide].map(({ name }) => name);

export function networkOf(name) {
  return [...networks, wide].find((network) => network.name === name);
}

/** The number of images of an epoch of this network. If they are fewer than 60,000, its time is scaled. */
export function samplesOf({ samples = epochSamples }) {
  return samples;
}

/** The number of epochs of Lockstep that warm up. */
export function warmUpsOf(network, batchSize) {
  return network.warmUps ?? warmUps(batchSize);
}

/**
 * A network's experiment for measuring, as `readExperiment` takes it: nothing is evaluated, and a learning
 * rate that stays the same and suits the batch sizes that are measured.
 */
export function benchSource({ file, folder = 'experiments/seeds', samples }, { batchSize, epochs }) {
  const text = readFileSync(new URL(`../../${folder}/${file}.yaml`, import.meta.url), 'utf8');
  const origin = 'bench';
  const { experiment: seed } = readExperiment(text, { file, name: file });
  const learningRate = seed.optimizer.kind === 'sgd' ? 0.02 : 0.001;
  const settings = {
    'data.validation': 0,
    ...(samples === undefined ? {} : { 'data.training': samples }),
    'optimizer.learningRate': learningRate,
    schedule: 'constant',
    batchSize,
    epochs,
  };
  const overrides = Object.entries(settings).map(([path, value]) => ({ path, value, origin }));
  return { text, file, overrides };
}

/** The same, read. */
export function benchExperiment(network, length) {
  const { text, file, overrides } = benchSource(network, length);
  return readExperiment(text, { file, name: file, overrides }).experiment;
}
