// The trainings that ranks share: what is easily forgotten when sums are made elsewhere.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const shared = `
data: { source: mnist-2000, validation: 300 }
execution: { checkpoint: { epochs: 1 } }
`;
const classes = '{ kind: dense, units: classes }';

/** By name. Most minibatches do not divide into whole cuts, nor the samples into whole minibatches. */
export const networks = {
  dense: `${shared}
model: [{ kind: dense, units: 64 }, relu, { kind: dense, units: 64 }, relu, ${classes}]
optimizer: { kind: sgd, learningRate: 0.1, momentum: 0.9 }
batchSize: 1024`,
  'batch-norm, clipped': `${shared}
model: [{ kind: dense, units: 48 }, batch-norm, relu, { kind: dropout, rate: 0.3 }, ${classes}]
optimizer: { kind: adam, learningRate: 0.003, clipNorm: 0.5 }
batchSize: 600`,
  residual: `${shared}
model:
  - { kind: dense, units: 40 }
  - { kind: residual, layers: [{ kind: dense, units: 40 }, layer-norm, relu] }
  - ${classes}
optimizer: { kind: adam, learningRate: 0.003, weightDecay: 0.01 }
batchSize: 700`,
  convolution: `${shared}
model:
  - { kind: conv, channels: 6, kernel: 5, stride: 2 }
  - batch-norm
  - relu
  - { kind: max-pool, size: 2 }
  - flatten
  - ${classes}
optimizer: { kind: adam, learningRate: 0.003 }
batchSize: 1000`,
};

/** Epochs of a training that is compared, and of one that is struck in the middle: some seconds. */
const epochs = {
  dense: [5, 400],
  'batch-norm, clipped': [5, 200],
  residual: [5, 200],
  convolution: [3, 40],
};

/** Writes them into a folder. Returns the files by name: short ones, and long ones. */
export function writeNetworks(folder) {
  return Object.entries(networks).map(([name, text], index) => {
    const [short, long] = [`short-${index + 1}.yaml`, `long-${index + 1}.yaml`];
    const [few, many] = epochs[name];
    writeFileSync(join(folder, short), `${text}\nepochs: ${few}\n`);
    writeFileSync(join(folder, long), `${text}\nepochs: ${many}\nevaluateEvery: { epochs: 5 }\n`);
    return { name, short, long };
  });
}
