/** What a sweep is given, and what it tells while it goes on. */
import type { Dataset } from '../data/dataset.ts';
import type { Trial, TrialResult, TrialRun } from './trial.ts';
import type { TrialsFile } from './trials-file.ts';

/** Which trials are this machine's: every `count`-th from `index` on, counted from 1. */
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
  /** The sweep's folder; trainings get folders in it. */
  folder: string;
  trials: TrialsFile;
  /** Cores to be used. */
  threads: number;
  /** Trainings at once. */
  parallel: number;
  shard?: Shard;
  /** Trains again what failed. */
  retry?: boolean;
  /** Ends the sweep; trainings that are not done leave no result. */
  signal?: AbortSignal;
}

export type SweepEvent =
  /** A training begins, or goes on after a rung. */
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
  /** All trainings of a trial have ended; `known` when they had before. */
  | { kind: 'trial'; result: TrialResult; known: boolean }
  | { kind: 'end'; results: readonly TrialResult[]; stopped: boolean; reached: boolean };
