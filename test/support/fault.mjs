// Loses a worker, from outside the program: `node --import` runs this file in every thread before anything
// else. The fault strikes in the worker that was started as number FAULT_THREAD, from 0, at the FAULT_AT-th
// Atomics.add by which it reports a block during the command FAULT_DURING. FAULT_KIND names the fault.
import { writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { commands, words } from '../../dist/src/sync/control.js';

const { FAULT_KIND: kind, FAULT_THREAD: thread, FAULT_AT: at, FAULT_DURING: during } = process.env;

const strikes = {
  'exit 0': () => process.exit(0),
  'exit 3': () => process.exit(3),
  throw: () => {
    throw new Error('a fault of the test');
  },
};
const strike = strikes[kind];

if (strike && threadId === Number(thread) + 1) {
  const { add } = Atomics;
  let count = 0;
  Atomics.add = (array, index, value) => {
    if (index === words.completed && array[words.kind] === commands[during] && ++count === Number(at)) {
      Atomics.add = add;
      // No thread goes on to the next phase without this block.
      const place = { epoch: array[words.epoch], step: array[words.steps] + 1 };
      writeSync(1, `${JSON.stringify({ struck: performance.timeOrigin + performance.now(), ...place })}\n`);
      strike();
    }
    return add(array, index, value);
  };
}
