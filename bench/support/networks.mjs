// The measured networks, with their layers, loss and optimizer: those of experiments/seeds, two convolutional
// ones, and a wide one.
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
 * Networks of convolutions: LeNet-5, and one of more channels. The benches of peers and of scaling measure
 * them too, others only if they are named. Steps of all networks below take so long that a part of the images
 * shows how long an epoch takes: `samples`, a multiple of 1,024. `warmUps`: epochs of so many. `batches`: the
 * sizes that are measured if neither they nor the network are named.
 */
export const convolutional = [
  { name: 'lenet-5', folder: 'experiments', file: 'lenet', samples: 12_288, warmUps: 2 },
  {
    name: 'conv-32-64',
    folder: 'bench/networks',
    file: 'conv-32-64',
    samples: 6144,
    warmUps: 2,
    batches: { most: 256 },
  },
];

/**
 * A network whose weights are larger than a core's caches. Benches measure it only if it is named, or with
 * large batches.
 */
export const wide = {
  name: '784-2048-2048-10',
  folder: 'bench/networks',
  file: 'wide-2048-2048',
  samples: 6144,
  warmUps: 2,
  batches: { least: 256 },
};

const all = [...networks, ...convolutional, wide];

/** The name of every network. */
export const networkNames = all.map(({ name }) => name);

export function networkOf(name) {
  return all.find((network) => network.name === name);
}

/** The number of images of an epoch of this network. If they are fewer than 60,000, its time is scaled. */
export function samplesOf({ samples = epochSamples }) {
  return samples;
}

/** What a line of a report tells if a time of so many images was scaled; undefined if it was not. */
export function scaledFrom(samples) {
  return samples < epochSamples ? { 'scaled from': `${samples} images` } : undefined;
}

/** The number of epochs of Lockstep that warm up. */
export function warmUpsOf(network, batchSize) {
  return network.warmUps ?? warmUps(batchSize);
}

/**
 * A network's experiment for measuring, as `readExperiment` takes it: nothing is evaluated, no image is
 * distorted, and a learning rate that stays the same and suits the batch sizes that are measured.
 */
export function benchSource({ file, folder = 'experiments/seeds', samples }, { batchSize, epochs }) {
  const text = readFileSync(new URL(`../../${folder}/${file}.yaml`, import.meta.url), 'utf8');
  const origin = 'bench';
  const { optimizer, augmentation } = readExperiment(text, { file, name: file }).experiment;
  const learningRate = optimizer.kind === 'sgd' ? 0.02 : 0.001;
  const settings = {
    'data.validation': 0,
    ...(samples === undefined ? {} : { 'data.training': samples }),
    ...(augmentation.length === 0 ? {} : { augmentation: [] }),
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
