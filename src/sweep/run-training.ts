/**
 * One training of a sweep, in its own thread and its own folder. It trains as far as it may, reports the
 * objective after each epoch, and waits at a rung for a word from the sweep. It never evaluates the test set.
 *
 * For a sweep on another machine it writes no files and does not wait: it stops at the rung, and brings all
 * that its files would hold, and the state that it can go on from.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Dataset } from '../data/dataset.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { Executor } from '../parallel/executor.ts';
import { growing } from '../parallel/growing.ts';
import { inline } from '../parallel/inline.ts';
import { threads } from '../parallel/threads.ts';
import { recorded, summarize } from '../run/record-run.ts';
import type { SessionOf } from '../run/tensorboard/hyperparameters.ts';
import type { EndEvent } from '../training/events.ts';
import type { EpochFigures } from '../training/run-state.ts';
import { train } from '../training/train.ts';
import { type Carried, type Carry, collectFiles, stateOf, taken } from './carry.ts';
import { figureOf, type Objective } from './objective.ts';
import { beginFiles, type TrainingFiles } from './training-files.ts';

/** The task of a thread. */
export interface TrainingTask {
  experiment: Experiment;
  dataset: Dataset;
  dataSha256: string;
  objective: Objective;
  /** Threads that train. If 1, the trial's own thread trains, until more cores become free. */
  threads: number;
  /** The most threads that it may get later; equal to `threads` if the sweep varies their number. */
  mostThreads: number;
  /** The sweep's folder. */
  folder: string;
  /** The training's folder in it. The remains of an interrupted training are removed from it. */
  name: string;
  /** Its hyperparameters for TensorBoard, if an event file is written. */
  session?: SessionOf | undefined;
  /** Epochs after which it waits for a word, at the next evaluation. */
  until: number;
  port: MessagePort;
  /** The sweep is on another machine: nothing is written, and the outcome brings everything. */
  carry?: Carry;
  /** Its only word changes as long as the thread turns to its events: see parallel/stall.ts. */
  pulse?: Int32Array<SharedArrayBuffer>;
}

/** A message from the sweep to a training. */
export type Word =
  | { kind: 'go on'; until: number }
  /** This many cores are free for the training from now on. */
  | { kind: 'threads'; count: number }
  /** End here. The training has a result. */
  | { kind: 'stop' }
  /** End at once. The training has no result. */
  | { kind: 'abandon' };

/** A message from a training to the sweep, after each evaluation. */
export interface EpochReport {
  /** Epochs done; a fraction if figures are taken within epochs. */
  epoch: number;
  /** Epochs of the whole training. */
  epochs: number;
  /** The objective. */
  value: number;
  /** The training now waits for a word. */
  waiting: boolean;
}

/** An evaluation: the epochs done, and the objective. */
export type Point = readonly [epoch: number, value: number];

/** A training that came to weights. */
export interface Ended {
  kind: 'ended';
  stopped: boolean;
  history: readonly Point[];
  /** The objective of the resulting weights: the last ones, or with early stopping, the best. */
  value: number;
  weightsSha256: string;
  seconds: number;
}

export interface Failed {
  kind: 'failed';
  history: readonly Point[];
  message: string;
  seconds: number;
}

/** The end of a training. */
export type Outcome =
  /** `unwritten`: why its files are not in its folder; absent if they are. */
  | (Ended & { unwritten?: string | undefined; carried?: Carried | undefined })
  | (Failed & { carried?: Carried | undefined })
  | { kind: 'abandoned' };

/** Milliseconds between two changes of the pulse. */
const beat = 200;

/** This thread runs trainings one after the other, which reuse its memory. */
const reuse = {};

/** What a training has come to so far. */
interface SoFar {
  words: Words;
  history: Point[];
  begun: number;
  /** Absent: it writes files. */
  carried: Carried | undefined;
}

export async function runTraining(task: TrainingTask): Promise<Outcome> {
  const { port, carry } = task;
  const words = listen(task);
  const history: Point[] = [];
  const begun = performance.now();
  const carried = carry && { waits: false, epochs: 0, rows: [], summary: null };
  const { pulse } = task;
  const beating = pulse && setInterval(() => Atomics.add(pulse, 0, 1), beat);
  // Whoever watches begins now: before, the task waited for a thread.
  if (pulse) {
    Atomics.add(pulse, 0, 1);
    Atomics.notify(pulse, 0);
  }
  try {
    return await follow(task, { words, history, begun, carried });
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    const { message } = error;
    const failed: Failed = { kind: 'failed', history, message, seconds: secondsSince(begun) };
    return { ...failed, ...(carried ? { carried } : {}) };
  } finally {
    clearInterval(beating);
    port.close();
  }
}

interface Words {
  signal: AbortSignal;
  until(): number;
  threads(): number;
  abandoned(): boolean;
  /** It ends after the step at hand. */
  stop(): void;
  /** Resolves when the training may go on, or must end. */
  wait(epoch: number): Promise<void>;
}

function listen({ port, until: first, threads: share }: TrainingTask): Words {
  const controller = new AbortController();
  let until = first;
  let threads = share;
  let abandoned = false;
  let wake = () => {};
  port.on('message', (word: Word) => {
    if (word.kind === 'go on') until = word.until;
    else if (word.kind === 'threads') threads = word.count;
    else controller.abort();
    if (word.kind === 'abandon') abandoned = true;
    wake();
  });
  return {
    signal: controller.signal,
    until: () => until,
    threads: () => threads,
    abandoned: () => abandoned,
    stop: () => controller.abort(),
    async wait(epoch) {
      while (epoch >= until && !controller.signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

function secondsSince(begun: number): number {
  return Number(((performance.now() - begun) / 1000).toFixed(3));
}

function executorOf({ threads: count, mostThreads }: TrainingTask, words: Words): Executor {
  if (count > 1) return threads(count);
  return mostThreads > 1 ? growing(mostThreads, words.threads) : inline();
}

async function follow(task: TrainingTask, soFar: SoFar): Promise<Outcome> {
  const files = soFar.carried ? collectFiles(soFar.carried) : await beginFiles(task);
  try {
    return await record(task, files, soFar);
  } catch (error) {
    await files.failed();
    throw error;
  }
}

async function record(task: TrainingTask, files: TrainingFiles, soFar: SoFar): Promise<Outcome> {
  const { words, history, begun, carried } = soFar;
  const { experiment, dataset, objective, port } = task;
  const executor = executorOf(task, words);
  const from = task.carry?.from && taken(task.carry.from, task, executor);
  if (from) history.push(...pointsOf(objective, from.position.history));
  let epochs = 0;
  for await (const event of train(experiment, {
    dataset,
    executor,
    signal: words.signal,
    test: false,
    reuse,
    from,
  })) {
    if (event.kind === 'start') epochs = event.plan.steps / event.plan.stepsPerEpoch;
    if (event.kind === 'epoch') {
      const row = recorded(event);
      await files.add(row);
      if (!event.validation) continue;
      const { epoch } = event;
      const value = figureOf(objective, event.validation);
      history.push([epoch, value]);
      const waiting = epoch >= words.until() && epoch < epochs;
      port.postMessage({ epoch, epochs, value, waiting } satisfies EpochReport);
      if (!waiting) continue;
      if (!carried) await words.wait(epoch);
      else {
        carried.waits = true;
        words.stop();
      }
    } else if (event.kind === 'end') {
      if (words.abandoned()) return { kind: 'abandoned' };
      const { threads, dataSha256 } = task;
      const unwritten = await files.end(
        summarize(event, { experiment, dataset, threads, begun, dataSha256 }),
      );
      if (carried) Object.assign(carried, { epochs, ...stateOf(event, task, carried) });
      const { stopped, weightsSha256 } = event;
      const points = pointsOf(objective, event.history);
      const value = finalValue(experiment, event, points);
      return {
        kind: 'ended',
        stopped,
        history: points,
        value,
        weightsSha256,
        seconds: secondsSince(begun),
        ...(unwritten === undefined ? {} : { unwritten }),
        ...(carried ? { carried } : {}),
      };
    }
  }
  throw new Error('the training did not end');
}

/** The objective at each evaluation of a training. */
export function pointsOf(objective: Objective, history: readonly EpochFigures[]): Point[] {
  return history.flatMap(({ epoch, validation }) =>
    validation ? [[epoch, figureOf(objective, validation)] as const] : [],
  );
}

/**
 * The objective of the weights that a training ended with: the last ones, or with early stopping, the best.
 */
export function finalValue(
  { earlyStopping }: Experiment,
  { best }: EndEvent,
  points: readonly Point[],
): number {
  const of = earlyStopping && best ? best.epoch : points.at(-1)?.[0];
  return points.find(([epoch]) => epoch === of)?.[1] ?? Number.NaN;
}
