// What the model has to know of a machine: what a meeting of threads takes, what a cache line that another
// core has written, and how much of its time a core is lost to others.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { takePart } from '../../dist/src/sync/barrier.js';
import { attachControl, createControl } from '../../dist/src/sync/control.js';
import { median } from '../support/statistics.mjs';

const phases = 20_000;
const programs = 7;

/** Seconds of a phase without work, of so many threads that have a core each. */
export async function measureMeeting(threads) {
  const control = createControl(threads);
  const members = Array.from({ length: threads }, (_, thread) => ({
    ...{ thread, threads },
    ...{ cores: threads, active: threads },
  }));
  const workers = members.slice(1).map((member) => startWorker({ control: control.words.buffer, member }));
  for (const worker of workers) await once(worker, 'message');
  const times = [];
  for (let program = 0; program < programs; program++) times.push(meet(control, members[0]));
  await Promise.all(workers.map((worker) => worker.terminate()));
  // The first are not compiled yet.
  return median(times.slice(2));
}

/** Goes through a program in which each thread has one block, without work; seconds of a phase. */
function meet(control, member) {
  const begun = performance.now();
  const program = { phases, begin: () => member.threads, run() {}, done: () => false };
  takePart(control, member, program);
  return (performance.now() - begun) / 1000 / phases;
}

/** Seconds to fetch a cache line that another core has written, where many follow each other. */
export async function measureLine() {
  const lines = 1024;
  const shared = new SharedArrayBuffer(64 * (lines + 2));
  const worker = startWorker({ shared, lines });
  await once(worker, 'message');
  const words = new Int32Array(shared);
  const times = [];
  for (let turn = 0; turn < 400; turn++) {
    Atomics.store(words, 0, 1);
    while (Atomics.load(words, 0) === 1);
    const begun = performance.now();
    let sum = 0;
    for (let at = 32; at < words.length; at += 16) sum += words[at];
    times.push((performance.now() - begun) / 1000 / lines);
    if (sum === 0) throw new Error('the other thread has written nothing');
  }
  await worker.terminate();
  return median(times.slice(100));
}

/** The share of its time that a core is lost: the gaps between two looks at the clock that are too long. */
export function measureAway(milliseconds = 400) {
  const begun = performance.now();
  let [last, lost] = [begun, 0];
  while (last - begun < milliseconds) {
    const now = performance.now();
    if (now - last > 0.005) lost += now - last;
    last = now;
  }
  return lost / (last - begun);
}

function startWorker(data) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: data });
  worker.unref();
  return worker;
}

if (!isMainThread && workerData?.member) {
  parentPort.postMessage('ready');
  const control = attachControl(workerData.control);
  for (let program = 0; program < programs; program++) meet(control, workerData.member);
}
if (!isMainThread && workerData?.shared) {
  parentPort.postMessage('ready');
  const words = new Int32Array(workerData.shared);
  for (let turn = 1; ; turn++) {
    while (Atomics.load(words, 0) !== 1);
    for (let at = 32; at < words.length; at += 16) words[at] = turn;
    Atomics.store(words, 0, 0);
  }
}
