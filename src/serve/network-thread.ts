/**
 * The thread in which the network works, beside the one that talks with the clients: so a large picture does
 * not keep the server from saying that it is well, and what goes wrong there, memory included, ends that
 * thread alone. Another one takes its place.
 */
import { Worker } from 'node:worker_threads';
import type { ServedNetwork } from './batch.ts';
import type { Answer } from './refusal.ts';
import type { Job } from './rows.ts';

const workerFile = new URL('../../workers/serve-worker.js', import.meta.url);

export interface NetworkThread {
  /** One batch at a time. Rejects if the thread is lost or takes too long; the next call has another one. */
  answer(jobs: readonly Job[]): Promise<Answer[]>;
  end(): Promise<void>;
}

/** Starts the thread, and resolves when it can work. Rejects if it cannot. */
export async function startNetwork(served: ServedNetwork): Promise<NetworkThread> {
  let thread = await started(served);
  return {
    async answer(jobs) {
      if (thread.lost) thread = await started(served);
      try {
        return await thread.ask<Answer[]>(jobs, served.limits.batchTime);
      } catch (error) {
        await thread.end();
        throw error;
      }
    },
    end: () => thread.end(),
  };
}

interface Thread {
  readonly lost: boolean;
  /** Sends a message, and resolves to what comes back. */
  ask<Reply>(message: unknown, time: number): Promise<Reply>;
  end(): Promise<void>;
}

/** Milliseconds in which a thread must have begun. */
const startTime = 60_000;

async function started(served: ServedNetwork): Promise<Thread> {
  const worker = new Worker(workerFile, { workerData: served, name: 'network' });
  let lost = false;
  let waiting: { resolve(reply: unknown): void; reject(error: Error): void } | undefined;
  const lose = (error: Error) => {
    lost = true;
    waiting?.reject(error);
  };
  worker.on('message', (reply) => waiting?.resolve(reply));
  worker.on('error', (error) => lose(error as Error));
  worker.on('exit', () => lose(new Error('its thread ended')));
  const replied = <Reply>(time: number): Promise<Reply> => {
    const reply = new Promise<unknown>((resolve, reject) => {
      waiting = { resolve, reject };
    });
    const late = setTimeout(() => waiting?.reject(new Error(`it took more than ${time / 1000} s`)), time);
    return reply.finally(() => {
      waiting = undefined;
      clearTimeout(late);
    }) as Promise<Reply>;
  };
  const thread: Thread = {
    get lost() {
      return lost;
    },
    ask<Reply>(message: unknown, time: number) {
      if (lost) return Promise.reject(new Error('its thread ended'));
      const reply = replied<Reply>(time);
      worker.postMessage(message);
      return reply;
    },
    async end() {
      lost = true;
      await worker.terminate();
    },
  };
  try {
    await replied(startTime);
  } catch (error) {
    await thread.end();
    throw error;
  }
  return thread;
}
