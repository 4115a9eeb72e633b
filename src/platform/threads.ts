/** Threads that carry out tasks. Piscina owns them; no other file knows it. */
import { fileURLToPath } from 'node:url';
import type { Transferable } from 'node:worker_threads';
import { Piscina } from 'piscina';

export interface ThreadsOptions {
  /** Threads that are started at once, and stay. */
  least: number;
  /** Threads that there may be. A task beyond them waits for one that is free. */
  most: number;
  /** Milliseconds without a task after which a thread beyond `least` ends; if not given, it never does. */
  idle?: number;
}

export interface Threads<Task, Result> {
  /**
   * Hands a task to a thread that has none. Rejects with what the task threw, or an Error when its thread is
   * lost. What is in `transfer` moves to the thread instead of being copied.
   */
  run(task: Task, transfer?: readonly Transferable[]): Promise<Result>;
  /** Ends all threads, whatever they do. */
  end(): Promise<void>;
}

/**
 * Starts threads for the module `file`, whose default export carries out a task. Threads without a task keep
 * no process alive.
 */
export function startThreads<Task, Result>(
  file: URL,
  { least, most, idle = Number.POSITIVE_INFINITY }: ThreadsOptions,
): Threads<Task, Result> {
  const pool = new Piscina<Task, Result>({
    filename: fileURLToPath(file),
    minThreads: least,
    maxThreads: most,
    concurrentTasksPerWorker: 1,
    idleTimeout: idle,
    // Tasks are long: no need to poll for a second after one.
    atomics: 'disabled',
  });
  return {
    run: (task, transfer = []) => pool.run(task, { transferList: [...transfer] }),
    end: () => pool.destroy(),
  };
}
