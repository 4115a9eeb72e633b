// Trains in the usual way, with a slab of gradients for each thread, for the bench `reproducibility`. See
// slab-work.mjs.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { shareData, writeOrder } from '../../dist/src/data/split.js';
import { packImages } from '../../dist/src/engine/memory.js';
import { planTraining } from '../../dist/src/engine/plan.js';
import { createWasm } from '../../dist/src/kernels/backends/wasm/program.js';
import { initializeWeights, readNumbers, weightsDigest } from '../../dist/src/model/weights.js';
import { availableCores } from '../../dist/src/platform/cores.js';
import { abandon } from '../../dist/src/sync/barrier.js';
import { commands, createControl, words } from '../../dist/src/sync/control.js';
import { warmUps } from '../support/lockstep-epochs.mjs';
import { planSlab } from './slab-work.mjs';

/** The seconds of each epoch after the warm-up, the mean loss of the last, and the digest of the weights. */
export async function slabEpochs(experiment, dataset, threads) {
  const { data, training } = shareData(experiment, dataset, (path) => path);
  const plan = planTraining(experiment, data, threads);
  const { network, map } = plan;
  const program = createWasm(map.elements + threads * planSlab(plan).size);
  const elements = new Float32Array(program.memory.buffer);
  packImages({ backend: 'wasm', memory: program }, map, { train: data.train, test: data.test });
  initializeWeights(elements, network.parameters, map.parameters, experiment.seed);
  const control = createControl(threads);
  const w = control.words;
  const task = { experiment, data, program, control: w.buffer, threads };
  const cores = availableCores();
  const file = new URL('slab-worker.mjs', import.meta.url);
  const lost = [];
  const workers = Array.from({ length: threads }, (_, thread) => {
    const worker = new Worker(file, {
      workerData: { task, place: { thread, threads, cores, active: threads } },
    });
    worker.on('error', (error) => {
      lost.push(error);
      abandon(control);
    });
    return worker;
  });

  let number = 0;
  const command = (kind) => {
    Atomics.store(w, words.kind, kind);
    Atomics.store(w, words.command, ++number);
    Atomics.notify(w, words.command);
  };
  const seconds = [];
  let loss = Number.NaN;
  writeOrder(data, training, experiment.seed, 1);
  for (let epoch = 1; epoch <= plan.epochs; epoch++) {
    Atomics.store(w, words.epoch, epoch);
    control.sums[0] = 0;
    const begun = performance.now();
    command(commands.train);
    // Lockstep's coordinator also prepares the next order while the others train.
    if (epoch < plan.epochs) writeOrder(data, training, experiment.seed, epoch + 1);
    while (Atomics.load(w, words.done) < number) {
      const waiting = Atomics.waitAsync(w, words.done, number - 1, 500);
      if (waiting.async) await waiting.value;
      if (lost.length > 0) throw lost[0];
    }
    seconds.push((performance.now() - begun) / 1000);
    loss = control.sums[0] / data.train.count;
  }
  const ends = workers.map((worker) => once(worker, 'exit'));
  command(commands.leave);
  await Promise.all(ends);
  const digest = weightsDigest(readNumbers(elements, network.parameters, map.parameters));
  return { seconds: seconds.slice(warmUps(experiment.batchSize)), loss, digest };
}
