// Trains three networks on MNIST with many numbers of threads. All must give the same weights and the same
// figures after every epoch. It tests at full size that threads do not change a bit. Then it gives 20,000
// spoilt inputs to every parser.
//
//   npm run test:slow        builds first; takes some minutes
//   node scripts/slow.mjs
import { isDeepStrictEqual } from 'node:util';
import { openDataset } from '../dist/src/data/open-dataset.js';
import { inline } from '../dist/src/parallel/inline.js';
import { threads } from '../dist/src/parallel/threads.js';
import { fuzz, targetNames } from './fuzz.mjs';
import { resolve, runToEnd } from './golden.mjs';

const dense = (units) => ({ kind: 'dense', units });

const experiments = {
  '784-128-10, batch 64': {
    model: [dense(128), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true },
    schedule: { kind: 'cosine', warmup: 0.5 },
    batchSize: 64,
    epochs: 2,
  },
  // 60,000 - 5,015 images leave 3 rows for the last minibatch, fewer rows than most executors have threads.
  '784-131-61-10, batch 37, last of 3': {
    data: { validation: 5015 },
    model: [dense(131), 'leaky-relu', dense(61), { kind: 'leaky-relu', slope: 0.2 }, dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, weightDecay: 0.0005 },
    batchSize: 37,
    epochs: 2,
  },
  '784-256-128-10, batch 128': {
    model: [dense(256), 'relu', dense(128), 'relu', dense('classes')],
    optimizer: { kind: 'sgd', learningRate: 0.2 },
    schedule: { kind: 'step', every: 1, factor: 0.5 },
    batchSize: 128,
    epochs: 2,
  },
};

const executors = [inline(), ...[1, 2, 3, 4, 5, 7, 8, 16].map(threads)];
const dataset = await openDataset('mnist');
let passed = 0;
let failed = 0;
for (const [name, settings] of Object.entries(experiments)) {
  const experiment = resolve(settings);
  console.log(name);
  let first;
  for (const executor of executors) {
    const begun = performance.now();
    const { epochs, end } = await runToEnd(experiment, dataset, executor);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const bits = { weightsSha256: end.weightsSha256, epochs, test: end.test };
    first ??= bits;
    const same = isDeepStrictEqual(bits, first);
    if (same) passed++;
    else failed++;
    const verdict = same ? 'same' : 'DIFFERENT';
    console.log(
      `  ${executor.name.padEnd(10)} ${end.weightsSha256.slice(0, 16)} ${verdict.padEnd(9)} ${seconds} s`,
    );
  }
  console.log(`  test accuracy ${first.test.accuracy}, loss ${first.test.loss}`);
}
for (const name of targetNames) {
  const { counts, faults } = await fuzz(name, 20_000);
  if (faults.length === 0) passed++;
  else failed++;
  const told = counts ? `${counts.accepted} read, ${counts.refused} refused` : 'did not end';
  console.log(`fuzz ${name.padEnd(12)} ${told}`);
  for (const { index, wrong } of faults.slice(0, 5)) console.log(`  ${index}: ${wrong}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
