/** Worker threads, one for each participant, on one shared memory. */
import { registeredModules } from '../experiment/modules.ts';
import { mostThreads } from '../experiment/settings.ts';
import { checkWhole, shown } from '../foundation/check.ts';
import { availableCores } from '../platform/cores.ts';
import { startThreads, type Threads } from '../platform/threads.ts';
import { readTopology } from '../platform/topology.ts';
import { abandon } from '../sync/barrier.ts';
import { attachControl, type Control, commands, isHalting, words } from '../sync/control.ts';
import { chooseThreads } from './choose-threads.ts';
import { type Command, writeCommand } from './commands.ts';
import { type Executor, left, type Session, type Task, type WorkerTask } from './executor.ts';
import { watchStalls } from './stall.ts';
import { WorkerLost } from './worker-lost.ts';

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

type WorkerThreads = Threads<WorkerTask, typeof left>;

const startWorkers = (count: number): WorkerThreads =>
  startThreads(workerFile, { least: count, most: count, given: { modules: registeredModules() } });

/** With `steps`, the number of threads that take part is chosen during a training of so many steps. */
function startSession(workers: WorkerThreads, task: Task, count: number, steps?: number): Session {
  const control = attachControl(task.control);
  const { cores, physical } = readTopology();
  let lost: WorkerLost | undefined;
  let announceLoss: (error: WorkerLost) => void = () => {};
  const loss = new Promise<never>((_, reject) => {
    announceLoss = reject;
  });
  loss.catch(() => {}); // It may come while nobody is waiting; the next run() reports it.
  const lose = (who: string, reason: string, cause?: unknown) => {
    if (lost) return;
    lost = new WorkerLost(`${who} was lost ${placeOf(control)}: ${reason}`, { cause });
    watch.end();
    abandon(control);
    announceLoss(lost);
  };
  const w = control.words;
  const signs = {
    words: w,
    hasBegun: () => Atomics.load(w, words.steps) > Atomics.load(w, words.before),
  };
  const watch = watchStalls(signs, (seconds) => {
    lose('a worker', `no thread has finished anything for ${seconds.toFixed(0)} s`);
  });
  workers.onStray((error) => lose('a worker', reasonOf(error), error));

  const tasks = Array.from({ length: count }, async (_, thread) => {
    const who = `worker ${thread + 1} of ${count}`;
    try {
      const answer = await workers.run({ ...task, thread, members: count, cores });
      if (answer !== left) lose(who, 'it ended in the middle of its work');
    } catch (error) {
      lose(who, reasonOf(error), error);
    }
  });

  let number = 0;
  const order = async (command: Command) => {
    if (lost) throw lost;
    writeCommand(control, command);
    Atomics.store(w, words.command, ++number);
    Atomics.notify(w, words.command);
    watch.begin();
    try {
      await Promise.race([loss, reached(control, number)]);
    } finally {
      watch.rest();
    }
    if (lost) throw lost;
  };
  const most = Math.min(count, cores);
  const choice = chooseThreads(most, steps ?? 0, physical);
  const active = () => choice.chosen ?? most;
  /** Trains in parts, each with as many threads as are tried next. */
  const train = async ({ first, count: all, ...rest }: Command & { kind: 'train' }) => {
    for (let before = 0; before < all && (before === 0 || !isHalting(w)); ) {
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
      if (!lost) {
        Atomics.store(w, words.kind, commands.leave);
        Atomics.store(w, words.command, ++number);
        Atomics.notify(w, words.command);
        // They leave at once, unless one is stuck.
        await Promise.race([Promise.all(tasks), loss.catch(() => {})]);
      }
      await workers.end();
    },
    async abort() {
      lost ??= new WorkerLost('the threads were let go');
      watch.end();
      abandon(control);
      announceLoss(lost);
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

/** What a thread has thrown, for people: it may be anything. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : `it threw ${shown(error)}`;
}

/** Where the training stood. */
function placeOf({ words: w }: Control): string {
  const at = (word: number) => Atomics.load(w, word);
  if (at(words.kind) !== commands.train) return 'outside a training step';
  return `in epoch ${at(words.epoch)}, step ${at(words.first) - at(words.before) + at(words.steps) + 1}`;
}
