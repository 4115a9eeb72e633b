// Loaded into the server under test by --import, and so into its thread too: tells the memory after a
// collection of garbage. The thread collects by itself, now and then.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('message', () => {
    globalThis.gc();
    process.send(process.memoryUsage());
  });
  process.channel?.unref();
} else setInterval(globalThis.gc, 1000).unref();
