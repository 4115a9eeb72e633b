// Trains a small network on FAULT_THREADS worker threads, some of which are lost, and prints the reaction of
// train() in one line of JSON. Then the process must end by itself. fault.mjs loses the workers, except for
// two values of FAULT_KIND: `terminate`, in the middle of an epoch, and `terminate between`, after one.
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { threads } from '../../dist/src/parallel/threads.js';
import { train } from '../../dist/src/training/train.js';
import { resolve, syntheticDataset } from '../../scripts/golden.mjs';

const { FAULT_KIND: kind, FAULT_THREADS: count } = process.env;

const workers = [];
process.on('worker', (worker) => workers.push(worker));
const now = () => performance.timeOrigin + performance.now();
/** All threads of this process, if the system shows them. */
const systemThreads = () => (process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0);

const experiment = resolve({
  data: { validation: 50 },
  model: [
    { kind: 'dense', units: 40 },
    'batch-norm',
    'relu',
    { kind: 'dropout', rate: 0.2 },
    { kind: 'dense', units: 'classes' },
  ],
  optimizer: { kind: 'adam', learningRate: 0.003 },
  batchSize: 16,
  epochs: 12,
  execution: { checkpoint: { epochs: 2 } },
});
const report = { repairs: [], epochs: [] };
let progress;
let terminated = false;
const before = systemThreads();
try {
  for await (const event of train(experiment, {
    dataset: syntheticDataset(),
    executor: threads(Number(count)),
  })) {
    if (event.kind === 'start') progress = event.progress;
    if (event.kind === 'repair') {
      report.noticed = now();
      report.repairs.push({ message: event.reason.message, steps: event.steps, number: event.number });
    }
    if (event.kind === 'end') report.digest = event.weightsSha256;
    if (event.kind !== 'epoch') continue;
    report.epochs.push(event.epoch);
    if (event.epoch !== 3 || terminated) continue;
    const terminate = () => {
      terminated = true;
      report.struck = now();
      workers[0].terminate();
    };
    if (kind === 'terminate') {
      const midway = setInterval(() => {
        const { step, stepsPerEpoch } = progress();
        if (step === 0 || step === stepsPerEpoch) return;
        clearInterval(midway);
        terminate();
      }, 1);
    } else if (kind === 'terminate between') {
      terminate();
      await once(workers[0], 'exit');
    }
  }
} catch (error) {
  report.error = { name: error.name, code: error.code, message: error.message };
}
report.alive = workers.filter((worker) => worker.threadId > 0).length;
report.extraThreads = systemThreads() - before;
console.log(JSON.stringify(report));
