// A process that tries for a lock whenever it is told to: see locks.mjs.
import { acquireLock } from '../../dist/src/run/lock.js';

let lock;

process.on('message', async ({ folder, at }) => {
  if (folder === undefined) {
    await lock?.release();
    lock = undefined;
    process.send({ kind: 'released' });
    return;
  }
  // All of them begin at the same moment.
  while (Date.now() < at);
  try {
    lock = await acquireLock(folder, { what: 'a sweep' });
    process.send({ kind: 'holds' });
  } catch (error) {
    process.send({ kind: 'refused', message: error.message, code: error.exitCode });
  }
});
process.send({ kind: 'ready' });
