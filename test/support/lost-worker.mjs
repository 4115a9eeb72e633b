// Trains a small network on FAULT_THREADS worker threads, one of which is lost, and prints the reaction of
// train() in one line of JSON. Then the process must end by itself. fault.mjs loses the worker, except for
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
  model: [{ kind: 'dense', units: 40 }, 'relu', { kind: 'dense', units: 'classes' }],
  optimizer: { kind: 'sgd', learningRate: 0.01 },
  batchSize: 16,
  epochs: 100_000,
});
const report = {};
let progress;
const before = systemThreads();
try {
  for await (const event of train(experiment, {
    dataset: syntheticDataset(),
    executor: threads(Number(count)),
  })) {
    if (event.kind === 'start') progress = event.progress;
    if (event.kind !== 'epoch' || event.epoch !== 3) continue;
    const terminate = () => {
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
  report.rejected = now();
  report.error = { name: error.name, code: error.code, message: error.message };
}
report.alive = workers.filter((worker) => worker.threadId > 0).length;
report.extraThreads = systemThreads() - before;
console.log(JSON.stringify(report));
