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

import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Dataset } from '../data/dataset.ts';
import { registeredModules } from '../experiment/modules.ts';
import { shown } from '../foundation/check.ts';
import { watchStalls } from '../parallel/stall.ts';
import { startThreads } from '../platform/threads.ts';
import type { SessionOf } from '../run/tensorboard/hyperparameters.ts';
import type { Carry } from './carry.ts';
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

/** A training on this machine. */
export interface LocalTraining extends Training {
  /** Ends it at once, without a result. */
  abandon(): void;
}

export interface LocalSchedule extends Schedule {
  start(run: TrialRun, placement: Placement): LocalTraining;
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
  /** The number of its trial. */
  trial: number;
  /** The sweep's folder. */
  folder: string;
  /** The training's folder in it. */
  name: string;
  /** Threads of this training, if the sweep sets them. */
  threads: number | undefined;
  /** Its hyperparameters for TensorBoard, if event files are written. */
  session: SessionOf | undefined;
  /** The training is for a sweep on another machine: see TrainingTask. */
  carry?: Carry;
  /** Called when it begins, or continues after a rung. */
  onRunning(): void;
  onEpoch(report: EpochReport): void;
  /** The same of a training on another machine, before it is known for certain, and not of each epoch. */
  onProgress(report: Omit<EpochReport, 'waiting'>): void;
  /** Called when its thread or its worker was lost, with the reason, before it begins again. */
  onAgain(reason: string): void;
}

/** How often a training whose thread was lost begins again. */
const mostAgain = 3;

/** Milliseconds in which abandoned trainings may end by themselves. Then their threads end with them. */
const grace = 1500;

const workerFile = new URL('../../workers/trial-worker.js', import.meta.url);

export function createSchedule(options: ScheduleOptions): LocalSchedule {
  const { dataset, dataSha256, objective, threads, parallel, most } = options;
  const pool = startThreads<TrainingTask, Outcome>(workerFile, {
    least: Math.min(parallel, most),
    most,
    idle: 2000,
    given: { modules: registeredModules() },
  });
  const share = Math.max(1, Math.floor(threads / parallel));
  const say = new Set<(word: Word) => void>();
  const ends = new Set<Promise<Outcome>>();
  /** Trainings that have not ended and do not wait. */
  const working = new Set<(word: Word) => void>();
  let abandoned = false;
  let late: NodeJS.Timeout | undefined;
  let ended: Promise<void> | undefined;
  const end = () => {
    ended ??= pool.end();
    return ended;
  };

  return {
    parallel,
    share() {
      const count = Math.max(share, Math.floor(threads / Math.max(1, working.size)));
      for (const tell of working) tell({ kind: 'threads', count });
    },
    start(run, placement) {
      const training = createTraining((until, port) => ({
        ...{ experiment: run.experiment, dataset, dataSha256, objective, until, port },
        threads: placement.threads ?? share,
        mostThreads: placement.threads ?? threads,
        folder: placement.folder,
        name: placement.name,
        session: placement.session,
        ...(placement.carry ? { carry: placement.carry } : {}),
      }));
      return training;

      function createTraining(taskOf: (until: number, port: MessagePort) => TrainingTask): LocalTraining {
        let outcome: Promise<Outcome> | undefined;
        let until = 0;
        let arrived: (standing: Standing) => void = () => {};
        /** The way to the thread at work. */
        let ours: MessagePort | undefined;
        let waits = false;
        let stopping = false;
        let dropped = false;
        const tell = (word: Word) => ours?.postMessage(word);

        /** Gives the training to a thread. Returns what became of it, or why the thread was lost. */
        const attempt = async (): Promise<Outcome | string> => {
          const channel = new MessageChannel();
          ours = channel.port1;
          waits = false;
          ours.on('message', (report: EpochReport) => {
            placement.onEpoch(report);
            if (!report.waiting || placement.carry) return;
            waits = true;
            // If the thread before was lost, the sweep may know already how it goes on.
            if (stopping) tell({ kind: 'stop' });
            else if (report.epoch < until) tell({ kind: 'go on', until });
            else arrived({ kind: 'waiting' });
          });
          // A training that nobody waits for must not keep the process alive.
          ours.unref();
          const pulse = new Int32Array(new SharedArrayBuffer(4));
          const stalled = new AbortController();
          let stood = '';
          // The first pulse is its start, and the next may come before it has done anything.
          const signs = { words: pulse, hasBegun: () => Atomics.load(pulse, 0) > 2 };
          const watch = watchStalls(signs, (seconds) => {
            stood = `it has done nothing for ${seconds.toFixed(0)} s`;
            stalled.abort();
          });
          let isOver = false;
          const started = Atomics.waitAsync(pulse, 0, 0).value;
          void Promise.resolve(started).then(() => {
            if (!isOver) watch.begin();
          });
          try {
            const task = { ...taskOf(until, channel.port2), pulse };
            const ended: Outcome | null | undefined = await pool.run(task, [channel.port2], stalled.signal);
            // What a thread throws may be anything. Thrown null counts as a result, see Threads.
            return ended ?? 'it threw null';
          } catch (error) {
            if (stood !== '') return stood;
            return error instanceof Error ? error.message : `it threw ${shown(error)}`;
          } finally {
            isOver = true;
            watch.end();
            // Nobody waits for its start any more.
            Atomics.notify(pulse, 0);
            channel.port1.close();
          }
        };
        const begin = async (): Promise<Outcome> => {
          for (let again = 0; ; again++) {
            const ended = await attempt();
            if (typeof ended !== 'string') return ended;
            if (abandoned || dropped) return { kind: 'abandoned' };
            if (again === mostAgain) {
              const message = `its thread was lost ${again + 1} times, at last because ${ended}`;
              return { kind: 'failed', history: [], message, seconds: 0 };
            }
            placement.onAgain(`its thread was lost: ${ended}`);
          }
        };
        return {
          advance(to) {
            if (abandoned) return Promise.resolve({ kind: 'abandoned' });
            placement.onRunning();
            const waiting = new Promise<Standing>((resolve) => {
              arrived = resolve;
            });
            working.add(tell);
            until = to;
            if (!outcome) {
              say.add(tell);
              const end = begin().finally(() => {
                say.delete(tell);
                ends.delete(end);
              });
              outcome = end;
              ends.add(end);
            } else {
              waits = false;
              tell({ kind: 'threads', count: share });
              tell({ kind: 'go on', until });
            }
            return Promise.race([waiting, outcome]).finally(() => working.delete(tell));
          },
          stop() {
            if (!outcome) return Promise.resolve({ kind: 'abandoned' });
            stopping = true;
            // A training that begins again goes as far as the lost one was, and stops there.
            if (waits) tell({ kind: 'stop' });
            return outcome;
          },
          abandon() {
            dropped = true;
            tell({ kind: 'abandon' });
          },
        };
      }
    },
    abandon() {
      if (abandoned) return;
      abandoned = true;
      for (const tell of say) tell({ kind: 'abandon' });
      // A thread that hangs hears no word. Its task ends with the pool.
      late = setTimeout(end, grace);
    },
    async close() {
      await Promise.all(ends);
      clearTimeout(late);
      await end();
    },
  };
}
