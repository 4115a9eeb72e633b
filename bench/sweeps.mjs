// Trials a minute: one-thread trials side by side, compared with one trial at a time on all threads. Both run
// the same trials in turn, so that other load on the machine affects both.
//
//   npm run build && node bench/sweeps.mjs [threads] [rounds]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  availableCores,
  datasetDigest,
  openDataset,
  openTrials,
  readSweep,
  runSweep,
} from '../dist/src/index.js';

const threads = Number(process.argv[2] ?? Math.min(2, availableCores()));
const rounds = Number(process.argv[3] ?? 5);
const dataset = await openDataset('mnist');
const dataSha256 = datasetDigest(dataset);

const hiddenLayers = (units) => units.map((count) => `{ kind: dense, units: ${count} }, relu,`).join(' ');

/** A sweep over learning rates of this network. */
const sweepOf = (units, trials) =>
  readSweep(
    `data: { source: mnist, validation: 5000 }
model: [${hiddenLayers(units)} { kind: dense, units: classes }]
optimizer: { kind: sgd, learningRate: 0.1, momentum: 0.9 }
batchSize: 64
epochs: 1
sweep:
  method: random
  run_cap: ${trials}
  parameters: { optimizer.learningRate: { distribution: log_uniform_values, min: 0.01, max: 0.2 } }
`,
    { file: 'sweep.yaml', name: 'sweep', open: () => undefined },
  );

/** Measures trials a minute. */
async function rate(file, trials, parallel) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  const log = await openTrials(join(folder, 'trials.jsonl'));
  const begun = performance.now();
  for await (const _ of runSweep(file, { dataset, dataSha256, folder, trials: log, threads, parallel }));
  const minutes = (performance.now() - begun) / 60_000;
  await log.close();
  rmSync(folder, { recursive: true });
  return trials / minutes;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
console.log(
  `trials a minute on ${threads} threads, median of ${rounds} rounds (slowest and fastest), ` +
    'an epoch of MNIST each',
);
for (const [units, trials] of [
  [[128], 12],
  [[64, 32], 12],
  [[512, 128, 64], 4],
]) {
  const file = sweepOf(units, trials);
  const rates = { [threads]: [], 1: [] };
  for (let round = 0; round < rounds; round++) {
    for (const parallel of [threads, 1]) rates[parallel].push(await rate(file, trials, parallel));
  }
  const text = (values) =>
    `${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;
  console.log(
    `784-${units.join('-')}-10: --parallel ${threads} ${text(rates[threads])}, ` +
      `--parallel 1 ${text(rates[1])}: ` +
      `${(median(rates[threads]) / median(rates[1])).toFixed(2)} x`,
  );
}
