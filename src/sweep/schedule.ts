/**
 * A pool of threads, one for each training, and the division of the cores between them.
 *
 * No bit depends on the division, so it can be whatever is fastest. As long as there are enough trials, they
 * run side by side with one thread each. When no trial waits for a core any more, the remaining ones take the
 * free cores.
 *
 * A training that waits at a rung keeps its thread and its memory, but takes no core. Otherwise it would have
 * to start again from its first epoch. There are never more waiting trainings than a batch has trainings.
 */

import { MessageChannel } from 'node:worker_threads';
import type { Dataset } from '../data/dataset.ts';
import { startThreads } from '../platform/threads.ts';
import type { Objective } from './objective.ts';
import type { EpochReport, Outcome, TrainingTask, Word } from './run-training.ts';
import type { TrialRun } from './trial.ts';

/** State of a training when it waits or has ended. */
export type Standing = { kind: 'waiting' } | Outcome;

/** A training that has been started. */
export interface Training {
  /** Trains until this many epochs are done, or to its end. */
  advance(until: number): Promise<Standing>;
  /** Ends a waiting training. */
  stop(): Promise<Standing>;
}

export interface ScheduleOptions {
  dataset: Dataset;
  dataSha256: string;
  objective: Objective;
  /** Cores to be used. */
  threads: number;
  /** Trainings at once. */
  parallel: number;
  /** Trainings that may exist at once, waiting ones included. */
  most: number;
}

export interface Schedule {
  parallel: number;
  /** Starts a training. `onEpoch` is called with the objective after each epoch. */
  start(run: TrialRun, placement: Placement): Training;
  /** Divides all cores between the trainings at work, once no other training waits for a core. */
  share(): void;
  /** Makes all trainings end without a result. */
  abandon(): void;
  /** Resolves when no thread is left. */
  close(): Promise<void>;
}

export interface Placement {
  folder: string;
  /** Threads of this training, if the sweep sets them. */
  threads: number | undefined;
  onEpoch(report: EpochReport): void;
}

const workerFile = new URL('../../workers/trial-worker.js', import.meta.url);

export function createSchedule(options: ScheduleOptions): Schedule {
  const { dataset, dataSha256, objective, threads, parallel, most } = options;
  const pool = startThreads<TrainingTask, Outcome>(workerFile, {
    least: Math.min(parallel, most),
    most,
    idle: 2000,
  });
  const share = Math.max(1, Math.floor(threads / parallel));
  const say = new Set<(word: Word) => void>();
  const ends = new Set<Promise<Outcome>>();
  /** Trainings that have not ended and do not wait. */
  const working = new Set<(word: Word) => void>();
  let abandoned = false;

  return {
    parallel,
    share() {
      const count = Math.max(share, Math.floor(threads / Math.max(1, working.size)));
      for (const tell of working) tell({ kind: 'threads', count });
    },
    start(run, placement) {
      const { port1: ours, port2: theirs } = new MessageChannel();
      let outcome: Promise<Outcome> | undefined;
      let arrived: (standing: Standing) => void = () => {};
      const tell = (word: Word) => ours.postMessage(word);
      ours.on('message', (report: EpochReport) => {
        placement.onEpoch(report);
        if (report.waiting) arrived({ kind: 'waiting' });
      });
      // A training that nobody waits for must not keep the process alive.
      ours.unref();

      const begin = (until: number): Promise<Outcome> => {
        const task: TrainingTask = {
          experiment: run.experiment,
          dataset,
          dataSha256,
          objective,
          threads: placement.threads ?? share,
          mostThreads: placement.threads ?? threads,
          folder: placement.folder,
          until,
          port: theirs,
        };
        say.add(tell);
        const end = pool
          .run(task, [theirs])
          .catch((error: Error): Outcome => {
            const message = `its thread was lost: ${error.message}`;
            return { kind: 'failed', history: [], message, seconds: 0 };
          })
          .finally(() => {
            say.delete(tell);
            ends.delete(end);
            ours.close();
          });
        ends.add(end);
        return end;
      };
      return {
        advance(until) {
          if (abandoned) return Promise.resolve({ kind: 'abandoned' });
          const waiting = new Promise<Standing>((resolve) => {
            arrived = resolve;
          });
          working.add(tell);
          if (outcome) {
            tell({ kind: 'threads', count: share });
            tell({ kind: 'go on', until });
          } else {
            outcome = begin(until);
          }
          return Promise.race([waiting, outcome]).finally(() => working.delete(tell));
        },
        stop() {
          if (!outcome) return Promise.resolve({ kind: 'abandoned' });
          tell({ kind: 'stop' });
          return outcome;
        },
      };
    },
    abandon() {
      abandoned = true;
      for (const tell of say) tell({ kind: 'abandon' });
    },
    async close() {
      await Promise.all(ends);
      await pool.end();
    },
  };
}
