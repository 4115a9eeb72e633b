// Three tiny trainings that pin the bits of Lockstep. test/vectors/golden.json holds their results.
//
//   node scripts/golden.mjs            prints one line of JSON: digests of the weights, and figures in full
//   node scripts/golden.mjs --write    also makes them the golden values
//
// The trainings run inline and on two threads, and must agree. Together they cover every kind of arithmetic:
// odd widths, rows that are left over, float32 and float64 kernels, sums in several cuts.
//
// Changing the golden values is a release event, because every stored run then belongs to another version.
// Write them only if bits were changed on purpose, and give the reason under "Numerics" in CHANGELOG.md.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allocateImages, greyPictures } from '../dist/src/data/dataset.js';
import { readExperiment } from '../dist/src/experiment/read.js';
import { inline } from '../dist/src/parallel/inline.js';
import { threads } from '../dist/src/parallel/threads.js';
import { train } from '../dist/src/training/train.js';

/** The file of the golden values. */
export const goldenFile = new URL('../test/vectors/golden.json', import.meta.url);

/** The tiny experiments, as in their files. */
export const goldenExperiments = {
  momentum: {
    seed: 11,
    data: { validation: 50 },
    model: [
      { kind: 'dense', units: 37 },
      { kind: 'leaky-relu', slope: 0.1 },
      { kind: 'dense', units: 19 },
      'relu',
      { kind: 'dense', units: 'classes' },
    ],
    optimizer: {
      kind: 'sgd',
      learningRate: 0.05,
      momentum: 0.9,
      nesterov: true,
      weightDecay: 0.0005,
      decayExempt: 'none',
    },
    schedule: { kind: 'cosine', warmup: 0.5, floor: 0.01 },
    batchSize: 37,
    epochs: 3,
  },
  // 550 images make minibatches of 280 and 270 rows, more than one cut of a sum.
  reference: {
    seed: 12,
    data: { validation: 50 },
    model: [
      { kind: 'dense', units: 23, initializer: 'glorot-uniform' },
      'relu',
      { kind: 'dense', units: 'classes', initializer: { kind: 'uniform', limit: 0.2 } },
    ],
    optimizer: { kind: 'sgd', learningRate: 0.5 },
    schedule: { kind: 'step', every: 2, factor: 0.3 },
    batchSize: 280,
    epochs: 5,
    kernels: 'reference',
  },
  // Layers that skip the zeros of the rectifiers before them, with sums in several cuts, and the norm of a
  // gradient in their blocks.
  rectified: {
    seed: 14,
    data: { validation: 50 },
    model: [
      { kind: 'dense', units: 96 },
      'relu',
      { kind: 'dropout', rate: 0.2 },
      { kind: 'dense', units: 120 },
      'relu',
      { kind: 'dense', units: 64 },
      'relu',
      { kind: 'dense', units: 'classes' },
    ],
    optimizer: { kind: 'sgd', learningRate: 0.2, momentum: 0.9, weightDecay: 0.001, clipNorm: 0.4 },
    schedule: 'cosine',
    batchSize: 280,
    epochs: 5,
  },
};

/**
 * A data set made by integer arithmetic only. Each class lights its own lattice, some of its pixels are
 * missing, most other pixels are zero, and there is noise.
 */
export function syntheticDataset({ height = 12, width = 12, classes = 7, train = 600, test = 100 } = {}) {
  const below = lehmer(20260101);
  const fill = (count) => {
    const samples = allocateImages(count, height * width);
    for (let i = 0; i < count; i++) {
      const label = below(classes);
      samples.targets[i] = label;
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const lit = (row * (label + 2) + column * (label + 3)) % 11 === 0;
          const pixel = lit && below(3) > 0 ? 60 + below(196) : below(12) === 0 ? below(200) : 0;
          samples.features[(i * height + row) * width + column] = pixel;
        }
      }
    }
    return samples;
  };
  return greyPictures('synthetic', { height, width }, fill(train), fill(test));
}

/** The generator of Park and Miller, 1988. All products are below 2^53, so plain numbers are exact. */
function lehmer(seed) {
  let state = seed;
  return (bound) => {
    state = (state * 16807) % 2147483647;
    return state % bound;
  };
}

/** The resolved experiment. */
export function resolve(settings, name = 'golden') {
  return readExperiment(JSON.stringify(settings), { file: name, name }).experiment;
}

/** Trains to the end. Returns the events of the epochs and of the end, without times. */
export async function runToEnd(experiment, dataset, executor) {
  const epochs = [];
  for await (const event of train(experiment, { dataset, executor })) {
    if (event.kind === 'epoch') {
      const { seconds: _, samplesPerSecond: __, best: ___, ...figures } = event;
      epochs.push(figures);
    } else if (event.kind === 'end') {
      const { activeThreads: _, ...end } = event;
      return { epochs, end };
    }
  }
  throw new Error('the training did not end');
}

/** The golden values of a run. */
export async function goldenRun(settings, dataset, executor) {
  const { epochs, end } = await runToEnd(resolve(settings), dataset, executor);
  const { learningRate, train, validation } = epochs.at(-1);
  return {
    weightsSha256: end.weightsSha256,
    learningRate,
    train,
    validation: withoutConfusion(validation),
    test: withoutConfusion(end.test),
  };
}

function withoutConfusion({ confusion: _, ...figures }) {
  return figures;
}

/** Runs all trainings, each of them inline and on two threads. */
export async function golden() {
  const dataset = syntheticDataset();
  const values = {};
  for (const [name, settings] of Object.entries(goldenExperiments)) {
    values[name] = await goldenRun(settings, dataset, inline());
    const threaded = await goldenRun(settings, dataset, threads(2));
    if (JSON.stringify(threaded) !== JSON.stringify(values[name])) {
      throw new Error(
        `${name}: two threads give ${JSON.stringify(threaded)}, inline gives ${JSON.stringify(values[name])}`,
      );
    }
  }
  return values;
}

/** One digest for all golden values. */
export function goldenDigest(values) {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

/** The committed values. */
export function committedGolden() {
  return JSON.parse(readFileSync(goldenFile, 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const values = await golden();
  console.log(JSON.stringify(values));
  if (process.argv.includes('--write')) writeFileSync(goldenFile, `${JSON.stringify(values, null, 2)}\n`);
}
