/** The options of a sweep, and the events that it yields. */
import type { Dataset } from '../data/dataset.ts';
import type { QueueNote } from './queue/seen-workers.ts';
import type { Trial, TrialResult, TrialRun } from './trial.ts';
import type { TrialsFile } from './trials-file.ts';

/** The trials of this machine: every `count`-th from number `index` on, counted from 1. */
export interface Shard {
  index: number;
  count: number;
}

export function isOf({ index, count }: Shard, number: number): boolean {
  return (number - 1) % count === index - 1;
}

export interface SweepOptions {
  dataset: Dataset;
  dataSha256: string;
  /** The sweep's folder. Trainings get folders in it. */
  folder: string;
  trials: TrialsFile;
  /** Cores to be used. */
  threads: number;
  /** Trainings at once. */
  parallel: number;
  shard?: Shard;
  /** Trains failed trials again. */
  retry?: boolean;
  /** Writes an event file of each training for TensorBoard. */
  tensorboard?: boolean;
  /** Ends the sweep. Trainings that are not done leave no result. */
  signal?: AbortSignal;
}

export type SweepEvent =
  /** A training begins, or continues after a rung. */
  | { kind: 'running'; trial: Trial; run: TrialRun }
  /** An epoch of a training is done. */
  | {
      kind: 'epoch';
      trial: Trial;
      run: TrialRun;
      epoch: number;
      epochs: number;
      value: number;
      waiting: boolean;
    }
  /** The thread of a training, or with a queue its worker, was lost. The training begins again. */
  | { kind: 'again'; trial: Trial; run: TrialRun; reason: string }
  /**
   * The disk does not take the result of a training. `kept`: it is tried again with the next one; otherwise
   * the training runs again when the sweep is called again. This sweep goes on with the result.
   */
  | { kind: 'fault'; trial: Trial; run?: TrialRun; reason: string; kept: boolean }
  /** All trainings of a trial have ended. `known`: they had ended in an earlier call already. */
  | { kind: 'trial'; result: TrialResult; known: boolean }
  | { kind: 'end'; results: readonly TrialResult[]; stopped: boolean; reached: boolean };

/** The events of a sweep whose trainings may go to a queue. */
export type QueuedSweepEvent =
  | SweepEvent
  /** What it tells of its queue. */
  | { kind: 'queue'; note: QueueNote };
