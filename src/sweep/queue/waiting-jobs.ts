/**
 * The jobs of a sweep that are in its queue, and what becomes of them.
 *
 * What the queue says counts, and not what it said once: it may have forgotten a job, because it was begun
 * anew with nothing in it. Then the job is put in again. So nothing is lost as long as this process lives.
 */
import { version } from '../../platform/version.ts';
import type { ActiveJob, EndedJob, SweepQueue } from './broker.ts';
import { type JobMessage, type ProgressMessage, parseMessage, type ResultMessage } from './messages.ts';

/** What a job came to; `lost`: no worker could do it. */
export type JobEnd = ResultMessage | { kind: 'lost'; reason: string };

/** Who waits for a job. */
export interface JobListener {
  /** A worker has it. */
  onRunning(): void;
  onProgress(progress: ProgressMessage): void;
  /** A worker was lost with it. Another one has it now, or will. */
  onAgain(reason: string): void;
}

interface Waiting {
  job: JobMessage;
  listeners: JobListener[];
  end: Promise<JobEnd | undefined>;
  resolve(end: JobEnd | undefined): void;
  reject(error: unknown): void;
  runs: boolean;
  losses: number;
  /** How often somebody gave back what is no result. */
  strange: number;
}

/** How often a job is put in again after something else than a result came back. */
const mostStrange = 3;

export interface WaitingJobs {
  /** Resolves to what the job came to; undefined: the sweep was abandoned. */
  train(id: string, job: JobMessage, listener: JobListener): Promise<JobEnd | undefined>;
  /** Looks at what has ended. */
  collect(): Promise<void>;
  /** Looks at who is at work. */
  follow(): Promise<void>;
  /** Puts in what the queue has forgotten. */
  restore(): Promise<void>;
  /** How many there are. */
  readonly size: number;
  /** Nobody waits any more; with an error, those who do get it. */
  abandon(error?: unknown): void;
}

/** @param begun when it is, jobs may be put in */
export function waitingJobs(queue: SweepQueue, begun: Promise<void>): WaitingJobs {
  const all = new Map<string, Waiting>();

  return {
    get size() {
      return all.size;
    },
    train(id, job, listener) {
      const known = all.get(id);
      if (known) {
        // Two points of the space may be one and the same training.
        known.listeners.push(listener);
        return known.end;
      }
      const one = waiting(job, listener);
      all.set(id, one);
      // The queue may be away, and whoever waits may be told to stop meanwhile.
      begun.then(() => queue.put(id, job)).catch(one.reject);
      return one.end;
    },
    async collect() {
      for (const ended of await queue.ended()) await take(ended);
    },
    async follow() {
      const active = new Map((await queue.active()).map((job) => [job.id, job]));
      for (const [id, one] of all) show(one, active.get(id));
    },
    async restore() {
      for (const id of await queue.missing([...all.keys()])) {
        const one = all.get(id);
        if (!one) continue;
        if (one.runs) for (const { onAgain } of one.listeners) onAgain('the queue has forgotten it');
        one.runs = false;
        await queue.put(id, one.job);
      }
    },
    abandon(error) {
      for (const one of all.values()) {
        if (error === undefined) one.resolve(undefined);
        else one.reject(error);
      }
      all.clear();
    },
  };

  async function take({ id, text, fault }: EndedJob): Promise<void> {
    const one = all.get(id);
    await queue.remove(id);
    // It was asked for by a process that is no more.
    if (!one) return;
    const end = endOf(one, text, fault);
    if (end) {
      all.delete(id);
      one.resolve(end);
    } else {
      await queue.put(id, one.job);
    }
  }

  function endOf(one: Waiting, text: string | undefined, fault: string | undefined): JobEnd | undefined {
    if (fault !== undefined) return { kind: 'lost', reason: fault };
    const result = parseMessage('result', text);
    if (result && result.version === version && result.run === one.job.run) return result;
    one.strange++;
    if (one.strange <= mostStrange) return undefined;
    return { kind: 'lost', reason: 'what workers gave back is no result of this version' };
  }
}

function waiting(job: JobMessage, listener: JobListener): Waiting {
  let resolve: Waiting['resolve'] = () => {};
  let reject: Waiting['reject'] = () => {};
  const end = new Promise<JobEnd | undefined>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // It may be rejected before anybody waits for it.
  end.catch(() => {});
  return { job, listeners: [listener], end, resolve, reject, runs: false, losses: 0, strange: 0 };
}

/** Tells the listeners of a job what is new. */
function show(one: Waiting, active: ActiveJob | undefined): void {
  if (!active) return;
  const { losses, progress } = active;
  if (losses > one.losses && one.runs) {
    for (const { onAgain } of one.listeners) onAgain('its worker is gone');
    one.runs = false;
  }
  one.losses = losses;
  if (!one.runs) for (const { onRunning } of one.listeners) onRunning();
  one.runs = true;
  if (progress) for (const { onProgress } of one.listeners) onProgress(progress);
}
