/**
 * A queue as sweeps and workers see it. `bull-sweep.ts` and `bull-work.ts` fulfil it with BullMQ on Redis;
 * tests have one in memory.
 *
 * Calls wait while the queue cannot be reached, and reject with a LockstepError if that takes too long.
 */
import type { JobMessage, ProgressMessage, SweepMessage, WorkerMessage } from './messages.ts';

/** A job that has ended. */
export interface EndedJob {
  id: string;
  /** What the worker gave back: the text of a ResultMessage, unless somebody else wrote it. */
  text?: string | undefined;
  /** Why it has no result: workers were lost with it again and again. */
  fault?: string;
}

/** A job that a worker has. */
export interface ActiveJob {
  id: string;
  progress: ProgressMessage | undefined;
  /** How often a worker was lost with it. */
  losses: number;
}

/** The queue of one sweep. */
export interface SweepQueue {
  /** For people, without a password. */
  readonly address: string;
  /** Says that the sweep is there. Without being told again for some seconds, it counts as dead. */
  announce(sweep: SweepMessage): Promise<void>;
  /** What workers say to this sweep. */
  workers(): Promise<WorkerMessage[]>;
  /** Puts a job in, unless it is there already. */
  put(id: string, job: JobMessage): Promise<void>;
  /** Jobs that have ended and were not removed. */
  ended(): Promise<EndedJob[]>;
  active(): Promise<ActiveJob[]>;
  /** Those of the jobs that are not there any more. */
  missing(ids: readonly string[]): Promise<string[]>;
  remove(id: string): Promise<void>;
  /** Removes jobs that nobody has begun: those of a process that is no more. */
  removeWaiting(): Promise<void>;
  /** Removes all that there is of the sweep. Workers notice, and leave their trainings. */
  clear(): Promise<void>;
  /** It was: nothing of the sweep lies in the queue. */
  readonly cleared: boolean;
  close(): Promise<void>;
}

/** A sweep that a worker finds. */
export interface FoundSweep {
  id: string;
  message: SweepMessage;
}

/** A job that a worker has taken. */
export interface TakenJob {
  id: string;
  /** The text of a JobMessage, unless somebody else wrote it. */
  text: unknown;
  /** Keeps it. Resolves to false if it is another's now, or is not wanted any more. */
  keep(): Promise<boolean>;
  progress(message: ProgressMessage): Promise<void>;
  /** Resolves to false if it was another's. */
  done(text: string): Promise<boolean>;
  /** So that another worker may have it at once. */
  giveBack(): Promise<void>;
}

/** All sweeps' queues at one address. */
export interface WorkPlace {
  readonly address: string;
  /** Sweeps that live, in the order in which they began. */
  sweeps(): Promise<FoundSweep[]>;
  /** Tells a sweep of this worker; undefined: that it leaves. */
  tell(sweep: string, worker: WorkerMessage, leaves?: boolean): Promise<void>;
  /** The next job of a sweep, if there is one. */
  take(sweep: string): Promise<TakenJob | undefined>;
  /** Keeps the state of a training for some days. Resolves to false if it cannot be kept. */
  putState(sweep: string, name: string, bytes: Uint8Array): Promise<boolean>;
  getState(sweep: string, name: string): Promise<Buffer | undefined>;
  /** Nothing more of this sweep is taken. */
  forget(sweep: string): Promise<void>;
  close(): Promise<void>;
}
