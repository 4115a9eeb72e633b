// Loses the threads of a sweep's trainings, from outside the program: `node --import` runs this file in each
// thread. The fault strikes when a training tells of its FAULT_EPOCH-th epoch, as long as there are fewer
// than FAULT_TIMES files in the folder FAULT_FOLDER, one a strike.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, MessagePort, threadId } from 'node:worker_threads';

const { FAULT_KIND: kind, FAULT_EPOCH: at, FAULT_TIMES: times, FAULT_FOLDER: folder } = process.env;

const strikes = {
  'exit 0': () => process.exit(0),
  throw: () => {
    throw new Error('a fault of the test');
  },
  'throw null': () => {
    throw null;
  },
  'throw undefined': () => {
    throw undefined;
  },
  'unhandled rejection': () => {
    Promise.reject(undefined);
  },
  loop: () => {
    for (;;);
  },
};

if (!isMainThread && strikes[kind]) {
  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (message, ...rest) {
    const count = readdirSync(folder).length;
    if (message?.epoch === Number(at) && 'waiting' in message && count < Number(times)) {
      writeFileSync(join(folder, `${threadId}-${count}`), '');
      strikes[kind]();
    }
    return postMessage.call(this, message, ...rest);
  };
}
