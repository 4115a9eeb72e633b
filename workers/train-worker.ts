/**
 * A worker thread: attach the shared memory, plan the network, then wait - work - report until told to
 * leave. There is no mathematics here. Piscina starts it, one long task for each thread.
 */

import { readCommand } from '../src/parallel/commands.ts';
import type { WorkerTask } from '../src/parallel/executor.ts';
import { joinTask, perform } from '../src/parallel/participant.ts';
import { Abandoned, sleepWhile } from '../src/sync/barrier.ts';
import { attachControl, words } from '../src/sync/control.ts';

export default function work(task: WorkerTask): void {
  const control = attachControl(task.control);
  const w = control.words;
  const participant = joinTask(task, control, task.thread, task.cores);
  try {
    for (let number = 0; ; number++) {
      sleepWhile(w, words.command, number);
      const command = readCommand(control);
      if (!command) return;
      const { thread, members: threads, cores } = task;
      perform(participant, command, control, {
        thread,
        threads,
        cores,
        active: Atomics.load(w, words.active),
      });
      // perform() ends in a meeting, so the command is done; whoever says so first wakes the coordinator.
      if (Atomics.compareExchange(w, words.done, number, number + 1) === number) {
        Atomics.notify(w, words.done);
      }
    }
  } catch (error) {
    // Another thread was lost; the coordinator knows, and says so. Anything else is this thread's own fault.
    if (!(error instanceof Abandoned)) throw error;
  }
}
