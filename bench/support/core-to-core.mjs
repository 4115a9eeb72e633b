// The time that a cache line takes from one core to another and back. A virtual machine may be moved between
// cores while it runs. Two cores with a common level-3 cache pass lines several times faster than two
// without, and shared data costs accordingly.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { availableCores } from '../../dist/src/platform/cores.js';

const bursts = 300;
const trips = 100;

/** Nanoseconds of a round trip: the fastest of many bursts. It needs two cores. */
export async function coreToCore() {
  const word = new Int32Array(new SharedArrayBuffer(256));
  const worker = new Worker(new URL(import.meta.url), { workerData: { word } });
  await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  let best = Number.POSITIVE_INFINITY;
  for (let burst = 0; burst < bursts; burst++) {
    const begun = performance.now();
    for (let trip = 0; trip < trips; trip++) {
      Atomics.store(word, 0, 1);
      while (Atomics.load(word, 0) === 1);
    }
    best = Math.min(best, performance.now() - begun);
  }
  Atomics.store(word, 0, 2);
  await worker.terminate();
  return (best * 1e6) / trips;
}

/** The result as a line for people. */
export async function coreToCoreLine() {
  if (availableCores() < 2) return 'one core';
  return `a cache line goes from core to core and back in ${(await coreToCore()).toFixed(0)} ns`;
}

if (!isMainThread && workerData?.word) {
  const { word } = workerData;
  parentPort.postMessage('ready');
  for (let seen = 0; seen !== 2; seen = Atomics.load(word, 0)) {
    if (seen === 1) Atomics.compareExchange(word, 0, 1, 0);
  }
}
