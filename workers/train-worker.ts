/**
 * A worker thread attaches the shared memory and plans the network. Then it waits for a command, works and
 * reports, until it is told to leave. Piscina starts it, with one long task for each thread.
 */

import '../src/experiment/register-given.ts';
import { readCommand } from '../src/parallel/commands.ts';
import { left, type WorkerTask } from '../src/parallel/executor.ts';
import { joinTask, perform } from '../src/parallel/participant.ts';
import { Abandoned, sleepWhile } from '../src/sync/barrier.ts';
import { attachControl, words } from '../src/sync/control.ts';

export default function work(task: WorkerTask): typeof left {
  const control = attachControl(task.control);
  const w = control.words;
  const participant = joinTask(task, control, task.thread, task.cores);
  try {
    for (let number = 0; ; number++) {
      sleepWhile(w, words.command, number);
      const command = readCommand(control);
      if (!command) return left;
      const { thread, members: threads, cores } = task;
      perform(participant, command, control, {
        thread,
        threads,
        cores,
        active: Atomics.load(w, words.active),
      });
      // perform() ends with a barrier, so the command is done. The first thread to say so wakes the
      // coordinator.
      if (Atomics.compareExchange(w, words.done, number, number + 1) === number) {
        Atomics.notify(w, words.done);
      }
    }
  } catch (error) {
    // If another thread was lost, the coordinator reports it. Any other error is this thread's own.
    if (!(error instanceof Abandoned)) throw error;
    return left;
  }
}
