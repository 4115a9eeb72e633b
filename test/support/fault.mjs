// Loses workers, from outside the program: `node --import` runs this file in every thread before anything
// else. The fault strikes in the worker that was started as number FAULT_THREAD, from 0, at the FAULT_AT-th
// Atomics.add by which it reports a block during the command FAULT_DURING. FAULT_KIND names the fault. With
// FAULT_AGAIN it strikes in every worker that is started in its place, too.
import { writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { commands, words } from '../../dist/src/sync/control.js';

const { FAULT_KIND: kind, FAULT_THREAD: thread, FAULT_AT: at, FAULT_DURING: during } = process.env;
const { FAULT_THREADS: count, FAULT_AGAIN: again } = process.env;

const strikes = {
  'exit 0': () => process.exit(0),
  'exit 3': () => process.exit(3),
  throw: () => {
    throw new Error('a fault of the test');
  },
  'throw null': () => {
    throw null;
  },
  'throw undefined': () => {
    throw undefined;
  },
  // The thread itself waits for ever, so that the rejection is not noticed by its own turn of events.
  'unhandled rejection': () => {
    Promise.reject(new Error('nobody handles it'));
    throw undefined;
  },
  'out of memory': () => {
    const kept = [];
    for (;;) kept.push(new Array(1_000_000).fill(kept.length));
  },
  loop: () => {
    for (;;) count.length;
  },
  sleep: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
};
const strike = strikes[kind];
const place = again ? (threadId - 1) % Number(count) : threadId - 1;

if (strike && threadId > 0 && place === Number(thread)) {
  const { add } = Atomics;
  let calls = 0;
  Atomics.add = (array, index, value) => {
    if (index === words.completed && array[words.kind] === commands[during] && ++calls === Number(at)) {
      Atomics.add = add;
      // No thread goes on to the next phase without this block.
      const place = { epoch: array[words.epoch], step: array[words.steps] + 1 };
      writeSync(1, `${JSON.stringify({ struck: performance.timeOrigin + performance.now(), ...place })}\n`);
      strike();
    }
    return add(array, index, value);
  };
}
