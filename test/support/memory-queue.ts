// A queue in memory, as a sweep and its workers see it, that can forget, lose workers, and be told lies.
import type { FoundSweep, SweepQueue, TakenJob, WorkPlace } from '#lockstep/sweep/queue/broker.js';
import {
  type JobMessage,
  messageText,
  type ProgressMessage,
  parseMessage,
  type SweepMessage,
  type WorkerMessage,
} from '#lockstep/sweep/queue/messages.js';

interface Job {
  text: string;
  state: 'waiting' | 'active' | 'ended';
  owner: number;
  losses: number;
  progress: ProgressMessage | undefined;
  result: string | undefined;
  fault: string | undefined;
}

export interface MemoryQueue extends SweepQueue, WorkPlace {
  jobs: Map<string, Job>;
  states: Map<string, Uint8Array>;
  /** All jobs that were ever put in. */
  history: JobMessage[];
  announced: SweepMessage | undefined;
  said: Map<string, WorkerMessage>;
  /** Takes all jobs away from their workers, as if these were dead. */
  loseWorkers(): void;
  /** Loses everything, as a server does that keeps nothing. */
  forgetAll(): void;
  /** Set: states are not kept. */
  full: boolean;
  /** How many jobs it still gives to workers. */
  left: number;
}

export function memoryQueue(): MemoryQueue {
  const jobs = new Map<string, Job>();
  const states = new Map<string, Uint8Array>();
  const history: JobMessage[] = [];
  let owners = 0;

  const queue: MemoryQueue = {
    ...{ address: 'memory', jobs, states, history, announced: undefined, said: new Map() },
    ...{ cleared: false, full: false, left: Number.POSITIVE_INFINITY },
    loseWorkers() {
      for (const job of jobs.values()) {
        if (job.state === 'active')
          Object.assign(job, { state: 'waiting', owner: 0, losses: job.losses + 1 });
      }
    },
    forgetAll() {
      jobs.clear();
      states.clear();
      queue.announced = undefined;
    },
    async announce(sweep) {
      queue.announced = JSON.parse(JSON.stringify(sweep));
    },
    workers: async () => [...queue.said.values()],
    async put(id, job) {
      if (jobs.has(id)) return;
      history.push(job);
      const nothing = { owner: 0, losses: 0, progress: undefined, result: undefined, fault: undefined };
      jobs.set(id, { text: messageText(job), state: 'waiting', ...nothing });
    },
    ended: async () =>
      [...jobs]
        .filter(([, { state }]) => state === 'ended')
        .map(([id, { result, fault }]) => ({ id, text: result, ...(fault === undefined ? {} : { fault }) })),
    active: async () =>
      [...jobs]
        .filter(([, { state }]) => state === 'active')
        .map(([id, { progress, losses }]) => ({ id, progress, losses })),
    missing: async (ids) => ids.filter((id) => !jobs.has(id)),
    async remove(id) {
      jobs.delete(id);
    },
    async removeWaiting() {
      for (const [id, { state }] of jobs) if (state === 'waiting') jobs.delete(id);
    },
    async clear() {
      queue.forgetAll();
      Object.assign(queue, { cleared: true });
    },
    async close() {},

    async sweeps(): Promise<FoundSweep[]> {
      return queue.announced ? [{ id: 'sweep', message: queue.announced }] : [];
    },
    async tell(_, worker, leaves = false) {
      if (leaves) queue.said.delete(worker.name);
      else queue.said.set(worker.name, worker);
    },
    async take() {
      for (const [id, job] of jobs) {
        if (job.state !== 'waiting' || queue.left === 0) continue;
        queue.left--;
        owners++;
        Object.assign(job, { state: 'active', owner: owners });
        return taken(id, job, owners);
      }
      return undefined;
    },
    async putState(_, name, bytes) {
      if (queue.full) return false;
      states.set(name, Uint8Array.from(bytes));
      return true;
    },
    getState: async (_, name) => (states.has(name) ? Buffer.from(states.get(name)!) : undefined),
    async forget() {},
  };
  return queue;

  function taken(id: string, job: Job, owner: number): TakenJob {
    const ours = () => jobs.get(id) === job && job.owner === owner && job.state === 'active';
    return {
      id,
      text: job.text,
      keep: async () => ours(),
      async progress(message) {
        job.progress = parseMessage('progress', messageText(message));
      },
      async done(text) {
        if (!ours()) return false;
        Object.assign(job, { state: 'ended', result: text });
        return true;
      },
      async giveBack() {
        if (ours()) Object.assign(job, { state: 'waiting', owner: 0 });
      },
    };
  }
}
