/**
 * The coordinator: epochs, commands to the executor, figures. It touches no file and no console; it yields
 * events, and everything else (command line, CSV, sweep, tests) consumes them.
 *
 * It never blocks: while the executor trains, it prepares the order of the next epoch and hears signals.
 */

import type { Dataset } from '../data/dataset.ts';
import { monitored, type SetOfSamples, shapeOf, shareData, writeOrder } from '../data/split.ts';
import { checkAugmentable } from '../engine/augment.ts';
import { createProfile, type Profile, takeProfile } from '../engine/profile.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { type Evaluation, startTally } from '../figures/confusion.ts';
import { LockstepError } from '../foundation/errors.ts';
import { wasmMemoryLimit } from '../kernels/backends/wasm.ts';
import { catalogue } from '../model/catalogue.ts';
import { type Locate, planNetwork } from '../model/network.ts';
import {
  initializeState,
  initializeWeights,
  readWeights,
  type WeightTensor,
  weightsDigest,
} from '../model/weights.ts';
import {
  createMemory,
  type Plan,
  packImages,
  planTraining,
  type SharedData,
  type SharedMemory,
} from '../parallel/participant.ts';
import type { Executor, Session } from '../parallel/threads.ts';
import { type Control, createControl, words } from '../sync/control.ts';
import { takeSnapshot, watchTraining } from './early-stopping.ts';

export interface TrainOptions {
  dataset: Dataset;
  executor: Executor;
  /** Measures what each thread spends its time on; see EpochEvent.profile. */
  profile?: boolean;
  /** Stops the training after the step at hand; the events then end with `stopped: true`. */
  signal?: AbortSignal;
  /** Turns a path into the experiment into a place in its file, for messages. */
  locate?: Locate;
  /** False leaves the test set alone; a sweep looks at it for its winner only. */
  test?: boolean;
  /**
   * For many trainings on one data set, one after the other, such as a sweep's: each gets the same object, keeps its memory there,
   * and uses that of the one before.
   */
  reuse?: Reuse;
}

/** What a training leaves for the next one. */
export interface Reuse {
  memory?: SharedMemory;
  /** Elements at its beginning in which the images are packed. */
  packed?: number;
}

/** Before the first step. */
export interface StartEvent {
  kind: 'start';
  plan: Plan;
  /** Samples an epoch trains on, and samples that are evaluated during the training. */
  trainingSamples: number;
  validationSamples: number;
  /** How far the training is right now. Cheap; call it as often as you like. */
  progress(): Progress;
}

export interface Progress {
  /** Counted from 1; 0 before the first. */
  epoch: number;
  /** Steps of this epoch that are done, of `stepsPerEpoch`. */
  step: number;
  stepsPerEpoch: number;
  /** Steps of the whole training that are left. */
  stepsLeft: number;
  /** Mean loss since figures were taken; NaN before the first step. */
  loss: number;
  /** Since figures were taken; NaN before the first step. */
  stepsPerSecond: number;
}

/** Each time that figures are taken: after each epoch, or every so many steps, and at the end. */
export interface EpochEvent {
  kind: 'epoch';
  /** Epochs done; a fraction where figures are taken within an epoch. */
  epoch: number;
  /** Updates done. */
  step: number;
  /** At the last step. */
  learningRate: number;
  /** Means since figures were taken, each minibatch judged by the weights before its update, as the training saw it. */
  train: { loss: number; accuracy: number };
  /** Figures on the set that is monitored; undefined when there is none, or it is not its turn. */
  validation: Evaluation | undefined;
  /**
   * Reads the weights, where this validation figure is the best so far; undefined elsewhere. They change when the next event is
   * asked for.
   */
  best: (() => Weights) | undefined;
  /** What each thread spent its time on since figures were taken; only where it was asked for. */
  profile: Profile | undefined;
  /** Wall time of the steps since figures were taken, evaluations not included. */
  seconds: number;
  samplesPerSecond: number;
}

/** What a layer, or all of them, have learned. */
export interface Weights {
  weights: WeightTensor[];
  /** What layers carry from step to step beside the weights, such as running means. */
  state: WeightTensor[];
}

/** After the last step, or after the step at which the training was stopped. */
export interface EndEvent extends Weights {
  kind: 'end';
  /** Stopped before its end by the signal. */
  stopped: boolean;
  /** Ended before its end, because it got no better. */
  stoppedEarly: boolean;
  /** Whole epochs done. */
  epochs: number;
  /** Updates done. */
  steps: number;
  /** Threads that took part at the end. */
  activeThreads: number;
  /** Figures on the test set, looked at once; undefined when stopped, or not asked for. */
  test: Evaluation | undefined;
  /** Of `weights`, which are those of the last step, or with early stopping, the best. */
  weightsSha256: string;
  /** After the last step. */
  last: Weights;
  /** Those of the best validation figure, and when that was; undefined without validation. */
  best: (Weights & { epoch: number }) | undefined;
}

export type TrainEvent = StartEvent | EpochEvent | EndEvent;

/**
 * Trains the experiment. The bits of `weights` and of all figures depend on the experiment and the data
 * alone, not on the executor.
 *
 * @throws LockstepError when a shape cannot fit, a worker is lost, or the loss is no longer finite.
 */
export async function* train(
  experiment: Experiment,
  options: TrainOptions,
): AsyncGenerator<TrainEvent, void> {
  const { dataset, executor, signal, locate = (path) => path, test: judged = true, reuse } = options;
  const network = planNetwork(experiment.model, shapeOf(dataset), locate);
  const { data, training } = shareData(experiment, dataset, locate);
  const plan = planTraining(experiment, data, executor.threads, network);
  checkAugmentable(experiment.augmentation, dataset, locate);
  checkWatched(experiment, locate);
  checkMemory(experiment, plan, locate);

  const { packedElements } = plan.map;
  const memory = createMemory(experiment.kernels, plan.map.elements, reuse?.memory, packedElements);
  const packed = memory === reuse?.memory && reuse.packed === packedElements;
  if (reuse) Object.assign(reuse, { memory, packed: packed ? packedElements : 0 });
  const elements = elementsOf(memory);
  initializeWeights(elements, network.parameters, plan.map.parameters, experiment.seed);
  initializeState(elements, network.state, plan.map.state);
  const control = createControl(executor.threads);
  const profile = options.profile ? createProfile(executor.threads) : undefined;
  const task = {
    experiment,
    data,
    control: control.words.buffer,
    memory,
    threads: executor.threads,
    profile,
  };
  writeOrder(data, training, experiment.seed, 1);
  const set = monitored(experiment, data);
  const watch = watchTraining(experiment, elements, plan.map);
  const follow = catalogue.schedule.get(experiment.schedule.kind)!.watch?.(experiment.schedule);

  const read = (): Weights => ({
    weights: readWeights(elements, network.parameters, plan.map.parameters),
    state: readWeights(elements, network.state, plan.map.state),
  });

  const stop = () => Atomics.store(control.words, words.stop, 1);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  let session: Session | undefined;
  try {
    session = await executor.start(task, plan.steps);
    // While its threads start.
    if (!packed) packImages(memory, plan.map, { train: data.train, test: data.test });
    if (reuse) reuse.packed = packedElements;
    const at: Position = { epoch: 0, first: 0, begun: performance.now(), steps: 0 };
    yield {
      kind: 'start',
      plan,
      trainingSamples: training.length,
      validationSamples: set?.count ?? 0,
      progress: () => progressOf(control, plan, at),
    };

    let steps = 0;
    let stoppedEarly = false;
    let seconds = 0;
    while (steps < plan.steps && !stoppedEarly && !signal?.aborted) {
      const pause = nextPause(experiment, plan, steps);
      at.epoch = Math.floor(steps / plan.stepsPerEpoch) + 1;
      at.first = steps % plan.stepsPerEpoch;
      const count = pause.step - steps;
      const begun = performance.now();
      const done = session.run({ kind: 'train', epoch: at.epoch, first: at.first, count });
      if (at.first === 0 && at.epoch < plan.epochs) {
        writeOrder(data, training, experiment.seed, at.epoch + 1);
      }
      await done;
      seconds += (performance.now() - begun) / 1000;
      const stepsDone = Atomics.load(control.words, words.steps);
      steps += stepsDone;
      at.steps += stepsDone;
      Atomics.store(control.words, words.steps, 0);
      at.first += stepsDone;
      const tally = readTally(control, at.epoch, experiment);
      if (stepsDone < count) break;
      if (!pause.figures) continue;

      const validation =
        set && pause.evaluation ? await evaluateSet(session, plan, elements, data, set) : undefined;
      const epoch = steps / plan.stepsPerEpoch;
      const learningRate = plan.learningRate(steps - 1) * control.rateFactor[0]!;
      if (validation && experiment.data.monitor === 'validation') {
        stoppedEarly = watch.hear(validation, epoch);
        if (follow) control.rateFactor[0] = follow(validation);
      }
      yield {
        kind: 'epoch',
        epoch,
        step: steps,
        learningRate,
        train: { loss: tally.loss, accuracy: tally.accuracy },
        validation,
        best: watch.best()?.epoch === epoch ? read : undefined,
        profile: profile && takeProfile(profile),
        seconds,
        samplesPerSecond: tally.samples / seconds,
      };
      seconds = 0;
      resetTally(control);
      at.begun = performance.now();
      at.steps = 0;
    }

    const stopped = !stoppedEarly && steps < plan.steps;
    const last = read();
    const lastSnapshot = takeSnapshot(elements, plan.map);
    const kept = watch.best();
    kept?.snapshot.restore();
    const best = kept && { ...read(), epoch: kept.epoch };
    const result = experiment.earlyStopping && best ? best : last;
    if (result === last) lastSnapshot.restore();
    const test =
      stopped || !judged
        ? undefined
        : await evaluateSet(session, plan, elements, data, { set: 'test', count: data.test.count });
    yield {
      kind: 'end',
      stopped,
      stoppedEarly: stoppedEarly && steps < plan.steps,
      epochs: Math.floor(steps / plan.stepsPerEpoch),
      steps,
      activeThreads: session.active(),
      test,
      weights: result.weights,
      state: result.state,
      weightsSha256: weightsDigest(result.weights),
      last,
      best,
    };
  } finally {
    signal?.removeEventListener('abort', stop);
    await session?.end();
  }
}

/** When the executor has to pause next: at the end of an epoch, when figures are taken, and at the end. */
function nextPause(
  { evaluateEvery: every }: Experiment,
  { steps, stepsPerEpoch }: Plan,
  done: number,
): { step: number; figures: boolean; evaluation: boolean } {
  const next = (period: number) => (Math.floor(done / period) + 1) * period;
  const epochEnd = next(stepsPerEpoch);
  const evaluationAt = next(every.steps ?? every.epochs! * stepsPerEpoch);
  const step = Math.min(epochEnd, evaluationAt, steps);
  const evaluation = step === evaluationAt || step === steps;
  // Training figures cost nothing, so whole epochs always have them, unless figures are asked for by steps.
  return { step, evaluation, figures: evaluation || every.steps === undefined };
}

/** Early stopping, and schedules that follow the training, need a validation set: the test set must not decide. */
function checkWatched({ data, earlyStopping, schedule }: Experiment, locate: Locate): void {
  const follows = catalogue.schedule.get(schedule.kind)!.watch !== undefined;
  if (!earlyStopping && !follows) return;
  const watched = data.monitor === 'validation' && data.validation > 0;
  if (watched) return;
  throw new LockstepError('usage', {
    where: locate(data.monitor === 'test' ? 'data.monitor' : 'data.validation'),
    expected: `validation images, because ${earlyStopping ? 'earlyStopping' : schedule.kind} watches their figures`,
    got: data.monitor === 'test' ? 'the test set, which must not decide anything' : 'none',
    hint: data.monitor === 'test' ? 'remove `monitor: test`' : 'hold some out, such as `validation: 5000`',
  });
}

function checkMemory({ kernels }: Experiment, { map }: Plan, locate: Locate): void {
  if (kernels === 'wasm' && map.elements * 4 > wasmMemoryLimit) {
    throw new LockstepError('usage', {
      where: locate('batchSize'),
      expected: 'weights and activations of at most 4 GiB together',
      got: `${((map.elements * 4) / 1073741824).toFixed(1)} GiB`,
      hint: 'make the minibatch smaller, or the layers narrower',
    });
  }
}

function elementsOf(memory: SharedMemory): Float32Array<SharedArrayBuffer> | Float64Array<SharedArrayBuffer> {
  return memory.kernels === 'wasm'
    ? new Float32Array(memory.program.memory.buffer)
    : new Float64Array(memory.buffer);
}

async function evaluateSet(
  session: Session,
  { map, network }: Plan,
  elements: Float32Array | Float64Array,
  data: SharedData,
  { set, count }: SetOfSamples,
): Promise<Evaluation> {
  await session.run({ kind: 'evaluate', set, count });
  const tally = startTally(network.classes);
  for (let i = 0; i < count; i++) {
    const actual = set === 'test' ? data.test.labels[i]! : data.train.labels[data.validation[i]!]!;
    tally.add(actual, elements[map.predicted.offset + i]!, elements[map.loss.offset + i]!);
  }
  return tally.figures();
}

/** What has been seen since figures were taken. */
interface Tally {
  loss: number;
  accuracy: number;
  samples: number;
}

function resetTally({ words: w, lossSum }: Control): void {
  Atomics.store(w, words.correct, 0);
  Atomics.store(w, words.seen, 0);
  lossSum[0] = 0;
}

function readTally({ words: w, lossSum }: Control, epoch: number, { optimizer }: Experiment): Tally {
  const samples = Atomics.load(w, words.seen);
  const loss = lossSum[0]! / samples;
  if (samples > 0 && !Number.isFinite(loss)) {
    throw new LockstepError(
      'failed',
      `the training diverged in epoch ${epoch}: the loss is ${loss}; ` +
        `lower optimizer.learningRate (now ${optimizer.learningRate})`,
    );
  }
  return { loss, accuracy: Atomics.load(w, words.correct) / samples, samples };
}

/** Where the coordinator is. */
interface Position {
  epoch: number;
  /** Steps of the epoch before the command at hand. */
  first: number;
  /** When the steps since figures were taken began, ... */
  begun: number;
  /** ... and how many of them were done before the command at hand. */
  steps: number;
}

function progressOf({ words: w, lossSum }: Control, plan: Plan, at: Position): Progress {
  const done = Atomics.load(w, words.steps);
  const { stepsPerEpoch } = plan;
  const step = at.first + done;
  return {
    epoch: at.epoch,
    step,
    stepsPerEpoch,
    stepsLeft: plan.steps - (Math.max(at.epoch, 1) - 1) * stepsPerEpoch - step,
    loss: lossSum[0]! / Atomics.load(w, words.seen),
    stepsPerSecond: (1000 * (at.steps + done)) / (performance.now() - at.begun),
  };
}
