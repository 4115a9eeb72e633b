// Gives spoilt inputs to every parser. Each must be read or be refused in words of ours: no other error, no
// hang, no heap beyond a limit. The same numbers give the same inputs.
//
//   node scripts/fuzz.mjs                     every target, 2,000 inputs each
//   node scripts/fuzz.mjs png 100000          one target
//   node scripts/fuzz.mjs png 1 4711          the input 4711 alone
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { targets } from './fuzz/targets.mjs';

/** Milliseconds after which an input counts as endless. */
const patience = 10_000;

/** What was found: `{ counts, slowest, faults }`; a fault is `{ index, wrong }`. */
export function fuzz(name, count, first = 0) {
  const at = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./fuzz/worker.mjs', import.meta.url), {
    workerData: { name, first, count, at },
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  const faults = [];
  let result;
  return new Promise((resolve) => {
    let [last, since] = [-1, Date.now()];
    const watch = setInterval(() => {
      const now = Atomics.load(at, 0);
      if (now !== last) [last, since] = [now, Date.now()];
      else if (Date.now() - since > patience) {
        faults.push({ index: now, wrong: `no end within ${patience / 1000} s` });
        void worker.terminate();
      }
    }, 250);
    worker.on('message', (message) => {
      if (message.done) result = message;
      else faults.push(message);
    });
    worker.on('error', (error) => faults.push({ index: Atomics.load(at, 0), wrong: `${error.stack}` }));
    worker.on('exit', () => {
      clearInterval(watch);
      resolve({ counts: result?.done, slowest: result?.slowest, faults });
    });
  });
}

export const targetNames = Object.keys(targets);

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [only, count = '2000', first = '0'] = process.argv.slice(2);
  for (const name of only ? [only] : targetNames) {
    const { counts, slowest, faults } = await fuzz(name, Number(count), Number(first));
    const told = counts ? `${counts.accepted} read, ${counts.refused} refused` : 'did not end';
    console.log(
      `${name.padEnd(12)} ${told}, slowest ${Math.round(slowest ?? 0)} ms, ${faults.length} faults`,
    );
    const kinds = new Map(faults.map((one) => [one.wrong.split('\n').slice(0, 2).join(' '), one]));
    for (const { index, wrong } of [...kinds.values()].slice(0, 8)) console.log(`  ${index}: ${wrong}`);
    if (faults.length > 0) process.exitCode = 1;
  }
}
