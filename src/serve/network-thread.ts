/**
 * The thread in which the network works, beside the one that talks with the clients: so a large picture does
 * not keep the server from saying that it is well, and what goes wrong there, memory included, ends that
 * thread alone. Another one takes its place.
 */
import { Worker } from 'node:worker_threads';
import { registeredModules } from '../experiment/modules.ts';
import { type Answer, Refusal } from '../http/refusal.ts';
import type { Job } from './given-rows.ts';
import type { ServedNetwork } from './served-network.ts';

const workerFile = new URL('../../workers/serve-worker.js', import.meta.url);

export interface NetworkThread {
  /** Starts it, if it has not started. Rejects if it cannot. */
  start(): Promise<void>;
  /** One batch at a time. Rejects if the thread is lost or takes too long; the next call has another one. */
  answer(jobs: readonly Job[]): Promise<Answer[]>;
  end(): Promise<void>;
}

/** A thread that starts when it is first needed. */
export function networkThread(served: ServedNetwork): NetworkThread {
  let thread: Promise<Thread> | undefined;
  const present = async (): Promise<Thread> => {
    const last = await thread?.catch(() => undefined);
    if (last && !last.lost) return last;
    thread = started(served);
    return thread;
  };
  const end = async () => (await thread?.catch(() => undefined))?.end();
  return {
    start: async () => void (await present()),
    async answer(jobs) {
      const own = await present();
      try {
        return await own.ask<Answer[]>(jobs, served.limits.batchTime);
      } catch (error) {
        await own.end();
        throw error;
      }
    },
    end,
  };
}

interface Thread {
  readonly lost: boolean;
  /** Sends a message, and resolves to what comes back. */
  ask<Reply>(message: unknown, time: number): Promise<Reply>;
  end(): Promise<void>;
}

/** Others are to be served, too. */
function tooSlow(time: number): Refusal {
  const expected = `an answer within ${time / 1000} s`;
  return new Refusal(503, { where: 'server', expected, got: 'none', hint: 'send less at a time' });
}

/** Milliseconds in which a thread must have begun. */
const startTime = 60_000;

/** Resolves when it can work. */
async function started(served: ServedNetwork): Promise<Thread> {
  const worker = new Worker(workerFile, {
    workerData: { served, modules: registeredModules() },
    name: 'network',
  });
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
    const late = setTimeout(() => waiting?.reject(tooSlow(time)), time);
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
