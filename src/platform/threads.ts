/** Threads that carry out tasks. Piscina owns them; no other file knows it. */
import { fileURLToPath } from 'node:url';
import type { Transferable } from 'node:worker_threads';
import { Piscina } from 'piscina';

export interface ThreadsOptions {
  /** Number of threads that start at once, and stay. */
  least: number;
  /** The most threads. A further task waits for a free thread. */
  most: number;
  /** Milliseconds without a task after which a thread beyond `least` ends. Absent: it never ends. */
  idle?: number;
  /** Plain data that each thread gets when it starts; see givenToThread. */
  given?: unknown;
}

export interface Threads<Task, Result> {
  /**
   * Gives a task to a free thread. Rejects with the error of the task, or with an Error if its thread is
   * lost. Piscina takes a thrown `null` for success, so it resolves to `undefined` then: give back something
   * else. The objects in `transfer` move to the thread instead of being copied. Once `signal` is aborted, the
   * task rejects, and its thread ends, whatever it does.
   */
  run(task: Task, transfer?: readonly Transferable[], signal?: AbortSignal): Promise<Result>;
  /** Calls this with what a thread throws outside any task, such as in a promise that nobody awaits. */
  onStray(report: (error: unknown) => void): void;
  /** Ends all threads, even if they are at work. */
  end(): Promise<void>;
}

/**
 * Starts threads for the module `file`, whose default export carries out a task. Threads without a task do
 * not keep the process alive.
 */
export function startThreads<Task, Result>(
  file: URL,
  { least, most, idle = Number.POSITIVE_INFINITY, given }: ThreadsOptions,
): Threads<Task, Result> {
  const pool = new Piscina<Task, Result>({
    filename: fileURLToPath(file),
    minThreads: least,
    maxThreads: most,
    concurrentTasksPerWorker: 1,
    workerData: given,
    idleTimeout: idle,
    // Tasks are long, so there is no need to poll for a second one.
    atomics: 'disabled',
  });
  // Without a listener, Node would end the process with its own trace.
  let stray: (error: unknown) => void = () => {};
  pool.on('error', (error) => stray(error));
  return {
    run: (task, transfer = [], signal = undefined) =>
      pool.run(task, { transferList: [...transfer], ...(signal ? { signal } : {}) }),
    onStray(report) {
      stray = report;
    },
    end: () => pool.destroy(),
  };
}
