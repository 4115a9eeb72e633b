// Nine tiny trainings that pin the bits of Lockstep. test/vectors/golden.json holds their results.
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
import { datasetDigest } from '../dist/src/data/digest.js';
import { readExperiment } from '../dist/src/experiment/read.js';
import { inline } from '../dist/src/parallel/inline.js';
import { threads } from '../dist/src/parallel/threads.js';
import { train } from '../dist/src/training/train.js';
import { syntheticDataset } from './golden-data.mjs';
import { goldenExperiments, goldenTasks } from './golden-experiments.mjs';

export { syntheticDataset } from './golden-data.mjs';
export { goldenExperiments, goldenTasks } from './golden-experiments.mjs';

/** The file of the golden values. */
export const goldenFile = new URL('../test/vectors/golden.json', import.meta.url);

/** The resolved experiment. */
export function resolve(settings, name = 'golden') {
  return readExperiment(JSON.stringify(settings), { file: name, name }).experiment;
}

/** Trains to the end. Returns the events of the epochs and of the end, without times. */
export async function runToEnd(experiment, dataset, executor) {
  const epochs = [];
  for await (const event of train(experiment, { dataset, executor })) {
    if (event.kind === 'epoch') {
      const { seconds: _, samplesPerSecond: __, best: ___, parameter: ____, ...figures } = event;
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

/** The golden values of a run of another kind: also what was read, what was fitted, and how it ended. */
export async function goldenTaskRun(settings, dataset, executor) {
  const { epochs, end } = await runToEnd(resolve(settings), dataset, executor);
  const { learningRate, train, validation } = epochs.at(-1);
  const { signature, classWeights, weightsSha256, stoppedEarly, best } = end;
  return {
    dataSha256: datasetDigest(dataset),
    signatureSha256: sha256(JSON.stringify([signature, classWeights ?? null])),
    weightsSha256,
    epochs: end.epochs,
    stoppedEarly,
    bestEpoch: best.epoch,
    learningRate,
    train,
    validation: withoutConfusion(validation),
    test: withoutConfusion(end.test),
  };
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Runs all trainings, each of them inline and on two threads. */
export async function golden() {
  const values = {};
  const run = async (name, training) => {
    values[name] = await training(inline());
    const threaded = await training(threads(2));
    if (JSON.stringify(threaded) === JSON.stringify(values[name])) return;
    throw new Error(
      `${name}: two threads give ${JSON.stringify(threaded)}, inline gives ${JSON.stringify(values[name])}`,
    );
  };
  for (const [name, settings] of Object.entries(goldenExperiments)) {
    await run(name, (executor) => goldenRun(settings, syntheticDataset(), executor));
  }
  for (const [name, { settings, dataset }] of Object.entries(goldenTasks)) {
    await run(name, (executor) => goldenTaskRun(settings, dataset(), executor));
  }
  return values;
}

/** One digest for all golden values. */
export function goldenDigest(values) {
  return sha256(JSON.stringify(values));
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
