/** Worker threads, one for each participant, on one shared memory. */
import { mostThreads } from '../experiment/settings.ts';
import { checkWhole } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { availableCores } from '../platform/cores.ts';
import { startThreads, type Threads } from '../platform/threads.ts';
import { abandon } from '../sync/barrier.ts';
import { attachControl, type Control, commands, words } from '../sync/control.ts';
import { chooseThreads } from './choose-threads.ts';
import { type Command, writeCommand } from './commands.ts';
import type { Executor, Session, Task, WorkerTask } from './executor.ts';

/**
 * Worker threads, owned by Piscina; each runs one task from beginning to end. No more of them take part than
 * there are cores; with `choose`, as few as are fastest, which is tried now and then during the training.
 * `auto` chooses among one a core.
 *
 * @param wanted 1 to 1024, or `auto`
 * @throws TypeError or RangeError for anything else
 */
export function threads(
  wanted: number | 'auto' = 'auto',
  { choose = wanted === 'auto' }: { choose?: boolean } = {},
): Executor {
  if (wanted !== 'auto') checkWhole('threads', wanted, 1, mostThreads);
  const count = wanted === 'auto' ? availableCores() : wanted;
  let prepared: WorkerThreads | undefined;
  return {
    threads: count,
    name: count === 1 ? '1 thread' : `${count} threads`,
    prepare() {
      prepared ??= startWorkers(count);
    },
    async start(task, steps) {
      const workers = prepared ?? startWorkers(count);
      prepared = undefined;
      return startSession(workers, task, count, choose ? steps : undefined);
    },
  };
}

const workerFile = new URL('../../workers/train-worker.js', import.meta.url);

type WorkerThreads = Threads<WorkerTask, void>;

const startWorkers = (count: number): WorkerThreads =>
  startThreads(workerFile, { least: count, most: count });

/** With `steps`, the number of threads that take part is chosen during a training of so many steps. */
function startSession(workers: WorkerThreads, task: Task, count: number, steps?: number): Session {
  const control = attachControl(task.control);
  const cores = availableCores();
  let lost: Error | undefined;
  let announceLoss: (error: Error) => void = () => {};
  const loss = new Promise<never>((_, reject) => {
    announceLoss = reject;
  });
  loss.catch(() => {}); // It may come while nobody is waiting; the next run() reports it.

  const tasks = Array.from({ length: count }, async (_, thread) => {
    try {
      await workers.run({ ...task, thread, members: count, cores });
    } catch (error) {
      if (lost) return;
      lost = lossOf(error, thread, count, control);
      abandon(control);
      announceLoss(lost);
    }
  });

  let number = 0;
  const w = control.words;
  const order = async (command: Command) => {
    if (lost) throw lost;
    writeCommand(control, command);
    Atomics.store(w, words.command, ++number);
    Atomics.notify(w, words.command);
    await Promise.race([loss, reached(control, number)]);
  };
  const most = Math.min(count, cores);
  const choice = chooseThreads(most, steps ?? 0);
  const active = () => choice.chosen ?? most;
  /** Trains in parts, each with as many threads as are tried next. */
  const train = async ({ first, count: all, ...rest }: Command & { kind: 'train' }) => {
    for (let before = 0; before < all && (before === 0 || Atomics.load(w, words.stop) === 0); ) {
      const next = choice.next();
      const part = next.steps ?? all;
      Atomics.store(w, words.active, next.active);
      const begun = performance.now();
      await order({ ...rest, first: first + before, count: Math.min(part, all - before), before });
      const done = Atomics.load(w, words.steps) - before;
      choice.took(done, performance.now() - begun);
      before += done;
    }
  };
  return {
    run(command) {
      if (command.kind === 'train') return train(command);
      Atomics.store(w, words.active, active());
      return order(command);
    },
    active,
    async end() {
      if (lost) {
        await workers.end();
        return;
      }
      Atomics.store(w, words.kind, commands.leave);
      Atomics.store(w, words.command, ++number);
      Atomics.notify(w, words.command);
      await Promise.all(tasks);
      await workers.end();
    },
  };
}

/** Waits until command `number` is done. */
async function reached({ words: w }: Control, number: number): Promise<void> {
  // A promise of waitAsync alone does not keep the process alive.
  const alive = setInterval(() => {}, 1000);
  try {
    for (;;) {
      const done = Atomics.load(w, words.done);
      if (done >= number || Atomics.load(w, words.abort) !== 0) return;
      const waiting = Atomics.waitAsync(w, words.done, done, 1000);
      if (waiting.async) await waiting.value;
    }
  } finally {
    clearInterval(alive);
  }
}

/** Names the worker that was lost, what happened to it, and where the training stood. */
function lossOf(error: unknown, thread: number, count: number, { words: w }: Control): LockstepError {
  const reason = error instanceof Error ? error.message : String(error);
  const at = (word: number) => Atomics.load(w, word);
  const where =
    at(words.kind) === commands.train
      ? `in epoch ${at(words.epoch)}, step ${at(words.first) - at(words.before) + at(words.steps) + 1}`
      : 'outside a training step';
  return new LockstepError('failed', `worker ${thread + 1} of ${count} was lost ${where}: ${reason}`, {
    cause: error,
  });
}
