// The five measured networks: those of experiments/seeds, with their layers, loss and optimizer.
import { readFileSync } from 'node:fs';
import { readExperiment } from '../../dist/src/experiment/read.js';

export const networks = [
  { name: '784-128-10', file: 'one-hidden-128' },
  { name: '784-256-128-10 leaky', file: 'leaky-relu-256-128' },
  { name: '784-64-BN-32-10', file: 'batchnorm-64-32' },
  { name: '784-512-128-64-10', file: 'from-scratch-512-128-64' },
  { name: '784-128-128-10 skip', file: 'tensorcraft-skip' },
];

export function networkOf(name) {
  return networks.find((network) => network.name === name);
}

/**
 * A network's experiment for measuring, as `readExperiment` takes it: all 60,000 images, nothing is
 * evaluated, and a learning rate that stays the same and suits the batch sizes that are measured.
 */
export function benchSource({ file }, { batchSize, epochs }) {
  const text = readFileSync(new URL(`../../experiments/seeds/${file}.yaml`, import.meta.url), 'utf8');
  const origin = 'bench';
  const { experiment: seed } = readExperiment(text, { file, name: file });
  const learningRate = seed.optimizer.kind === 'sgd' ? 0.02 : 0.001;
  const settings = {
    'data.validation': 0,
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
