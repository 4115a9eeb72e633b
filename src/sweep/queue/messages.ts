/**
 * What travels between a sweep and its workers: the sweep's announcement, a training to be done, how far it
 * is, what it came to, and what a worker says of itself. All of it is JSON that is checked when it arrives,
 * because others may write into the same queue.
 */
import { prototypeKeyIn } from '../../foundation/prototype-keys.ts';
import type { RecordedEpoch } from '../../run/csv.ts';
import type { Result } from '../../run/summary.ts';
import type { Objective } from '../objective.ts';
import type { Ended, Failed } from '../run-training.ts';
import { asText, fromText } from './numbers-text.ts';
import { validate } from './validate-message.js';

/** Changes if sweeps and workers no longer understand each other. */
export const protocol = 1;

/** A sweep that has work. */
export interface SweepMessage {
  kind: 'sweep';
  protocol: number;
  /** Of Lockstep. */
  version: string;
  name: string;
  /** Names the process that decides and records. */
  owner: string;
  host: string;
  /** When the process began, in milliseconds since 1970. */
  began: number;
  objective: Objective;
  dataSha256: string;
  /** The canonical text of its experiment, which says how its data is opened. */
  experiment: string;
}

/** A worker, as far as a sweep has to know. */
export interface WorkerMessage {
  kind: 'worker';
  /** `host:process` */
  name: string;
  version: string;
  /** Counts up as long as the worker lives. */
  beat: number;
  doing: 'waits' | 'trains' | 'refuses';
  /** Why it refuses the sweep, or nothing. */
  why: string;
}

/** A training, or the next part of one. */
export interface JobMessage {
  kind: 'job';
  version: string;
  trial: number;
  /** The id of the training. */
  run: string;
  /** Canonical text. */
  experiment: string;
  fingerprint: string;
  /** Epochs after which it stops, at the next evaluation; null: to its end. */
  until: number | null;
  /** Threads, if the sweep varies their number. */
  threads: number | null;
  /** The state that it may go on from; if that is gone, it begins again, to the same bits. */
  from: string | null;
}

export interface ProgressMessage {
  kind: 'progress';
  worker: string;
  epoch: number;
  epochs: number;
  /** The objective. */
  value: number;
}

export interface ResultMessage {
  kind: 'result';
  version: string;
  worker: string;
  run: string;
  /** Epochs of the whole training; a fraction if its length is given in steps. */
  epochs: number;
  /** It has come as far as it was to go; `outcome` is what it comes to if it ends there. */
  waits: boolean;
  outcome: Ended | Failed;
  /** The epochs of this part: rows of metrics.csv and timing.csv. */
  rows: readonly RecordedEpoch[];
  /** What summary.json says; null if the training failed. */
  summary: Result | null;
  /** The name of the state that it can go on from; null if it was too large to be kept. */
  state: string | null;
}

export type Message = SweepMessage | WorkerMessage | JobMessage | ProgressMessage | ResultMessage;

export function messageText(message: Message): string {
  return asText(message);
}

/** The message of this kind, or undefined if the text is none. */
export function parseMessage<Kind extends Message['kind']>(
  kind: Kind,
  text: unknown,
): Extract<Message, { kind: Kind }> | undefined {
  if (typeof text !== 'string') return undefined;
  let found: unknown;
  try {
    found = fromText(text);
  } catch {
    return undefined;
  }
  if (prototypeKeyIn(found) || !validate(found)) return undefined;
  const message = found as Message;
  return message.kind === kind ? (message as Extract<Message, { kind: Kind }>) : undefined;
}
