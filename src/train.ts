/**
 * The coordinator: epochs, commands to the crew, figures. It touches no file and no console; it yields
 * events, and everything else (command line, CSV, sweep, tests) consumes them.
 *
 * It never blocks: while the crew trains, it prepares the order of the next epoch and hears signals.
 */
import type { Crew, Team } from './crew.ts';
import type { Experiment } from './experiment/experiment.ts';
import type { Dataset } from './foundation/dataset.ts';
import { LockstepError } from './foundation/errors.ts';
import { type Evaluation, startTally } from './foundation/metrics.ts';
import { type Control, createControl, type EvaluationSet, words } from './foundation/protocol.ts';
import { permutation, shuffle, stream } from './foundation/random.ts';
import { wasmMemoryLimit } from './kernels/wasm.ts';
import { type Locate, planNetwork } from './network.ts';
import {
  createMemory,
  orderOffset,
  type Plan,
  planTraining,
  type SharedData,
  type SharedMemory,
} from './task.ts';
import {
  initializeState,
  initializeWeights,
  readWeights,
  type WeightTensor,
  weightsDigest,
} from './weights.ts';

export interface TrainOptions {
  dataset: Dataset;
  crew: Crew;
  /** Stops the training after the step at hand; the events then end with `stopped: true`. */
  signal?: AbortSignal;
  /** Turns a path into the experiment into a place in its file, for messages. */
  locate?: Locate;
  /** False leaves the test set alone; a sweep looks at it for its winner only. */
  test?: boolean;
}

/** Before the first step. */
export interface StartEvent {
  kind: 'start';
  plan: Plan;
  /** Samples an epoch trains on, and samples that are evaluated after it. */
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
  /** Mean loss of this epoch so far; NaN before the first step. */
  loss: number;
  /** Seconds since the epoch began. */
  seconds: number;
}

/** After each epoch. */
export interface EpochEvent {
  kind: 'epoch';
  epoch: number;
  /** At the last step of the epoch. */
  learningRate: number;
  /** Means over the epoch, each minibatch judged by the weights before its update, as the training saw it. */
  train: { loss: number; accuracy: number };
  /** Figures on the set that is monitored; undefined when there is none. */
  validation: Evaluation | undefined;
  /** Wall time of the epoch's steps, evaluation not included. */
  seconds: number;
  samplesPerSecond: number;
}

/** After the last epoch, or after the step at which the training was stopped. */
export interface EndEvent {
  kind: 'end';
  /** Stopped before its end by the signal. */
  stopped: boolean;
  /** Whole epochs done. */
  epochs: number;
  /** Updates done. */
  steps: number;
  /** Figures on the test set, looked at once; undefined when stopped, or not asked for. */
  test: Evaluation | undefined;
  weights: WeightTensor[];
  /** What layers carry from step to step beside the weights, such as running means. */
  state: WeightTensor[];
  weightsSha256: string;
}

export type TrainEvent = StartEvent | EpochEvent | EndEvent;

/**
 * Trains the experiment. The bits of `weights` and of all figures depend on the experiment and the data
 * alone, not on the crew.
 *
 * @throws LockstepError when a shape cannot fit, a worker is lost, or the loss is no longer finite.
 */
export async function* train(
  experiment: Experiment,
  options: TrainOptions,
): AsyncGenerator<TrainEvent, void> {
  const { dataset, crew, signal, locate = (path) => path, test: judged = true } = options;
  const network = planNetwork(experiment.model, shapeOf(dataset), locate);
  const { data, training } = shareData(experiment, dataset, locate);
  const plan = planTraining(experiment, data, crew.threads, network);
  checkMemory(experiment, plan, locate);

  const memory = createMemory(experiment.kernels, plan.map.elements);
  const elements = elementsOf(memory);
  initializeWeights(elements, network.parameters, plan.map.parameters, experiment.seed);
  initializeState(elements, network.state, plan.map.state);
  const control = createControl(crew.threads);
  const task = { experiment, data, control: control.words.buffer, memory, threads: crew.threads };
  writeOrder(data, training, experiment.seed, 1);

  const stop = () => Atomics.store(control.words, words.stop, 1);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  let team: Team | undefined;
  try {
    team = await crew.assemble(task);
    let begun = performance.now();
    yield {
      kind: 'start',
      plan,
      trainingSamples: training.length,
      validationSamples: monitored(experiment, data)?.count ?? 0,
      progress: () => progressOf(control, plan, begun),
    };

    let epochs = 0;
    let steps = 0;
    for (let epoch = 1; epoch <= experiment.epochs && !signal?.aborted; epoch++) {
      resetTally(control, epoch);
      begun = performance.now();
      const done = team.run({ kind: 'train', epoch, first: 0, count: plan.stepsPerEpoch });
      if (epoch < experiment.epochs) writeOrder(data, training, experiment.seed, epoch + 1);
      await done;
      const seconds = (performance.now() - begun) / 1000;
      const stepsDone = Atomics.load(control.words, words.steps);
      steps += stepsDone;
      const train = readTally(control, epoch, experiment);
      if (stepsDone < plan.stepsPerEpoch) break;
      epochs = epoch;
      const set = monitored(experiment, data);
      yield {
        kind: 'epoch',
        epoch,
        learningRate: plan.learningRate(epoch * plan.stepsPerEpoch - 1),
        train,
        validation: set && (await evaluateSet(team, plan, elements, data, set)),
        seconds,
        samplesPerSecond: training.length / seconds,
      };
    }

    const stopped = epochs < experiment.epochs;
    const test =
      stopped || !judged
        ? undefined
        : await evaluateSet(team, plan, elements, data, { set: 'test', count: data.test.count });
    const weights = readWeights(elements, network.parameters, plan.map.parameters);
    const state = readWeights(elements, network.state, plan.map.state);
    const weightsSha256 = weightsDigest(weights);
    yield { kind: 'end', stopped, epochs, steps, test, weights, state, weightsSha256 };
  } finally {
    signal?.removeEventListener('abort', stop);
    await team?.dismiss();
  }
}

function shapeOf({ height, width, classes }: Dataset) {
  return { inputs: height * width, classes };
}

/** Splits the training images and lays out what the threads share. */
function shareData(
  { seed, data: { validation } }: Experiment,
  dataset: Dataset,
  locate: Locate,
): { data: SharedData; training: Uint32Array } {
  const { count } = dataset.train;
  if (validation >= count) {
    throw new LockstepError('usage', {
      where: locate('data.validation'),
      expected: `fewer than the ${count} training images`,
      got: String(validation),
      hint: `hold out a part of them, such as --set data.validation=${Math.floor(count / 10)}`,
    });
  }
  const drawn = permutation(count, stream(seed, 'validation'));
  const heldOut = drawn.subarray(0, validation).sort();
  const training = drawn.subarray(validation).sort();
  const shared = new Uint32Array(new SharedArrayBuffer(validation * 4));
  shared.set(heldOut);
  return {
    training,
    data: {
      ...shapeOf(dataset),
      train: dataset.train,
      test: dataset.test,
      order: new Uint32Array(new SharedArrayBuffer(2 * training.length * 4)),
      validation: shared,
    },
  };
}

/** Prepares the order in which an epoch goes through the training images. */
function writeOrder({ order }: SharedData, training: Uint32Array, seed: number, epoch: number): void {
  const first = orderOffset(epoch, training.length);
  const part = order.subarray(first, first + training.length);
  part.set(training);
  shuffle(part, stream(seed, 'shuffle', epoch));
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

/** The set whose figures each epoch reports, if there is one. */
function monitored(
  { data: { monitor } }: Experiment,
  { validation, test }: SharedData,
): { set: EvaluationSet; count: number } | undefined {
  if (monitor === 'test') return { set: 'test', count: test.count };
  return validation.length > 0 ? { set: 'validation', count: validation.length } : undefined;
}

async function evaluateSet(
  team: Team,
  { map, network }: Plan,
  elements: Float32Array | Float64Array,
  data: SharedData,
  { set, count }: { set: EvaluationSet; count: number },
): Promise<Evaluation> {
  await team.run({ kind: 'evaluate', set, count });
  const tally = startTally(network.classes);
  for (let i = 0; i < count; i++) {
    const actual = set === 'test' ? data.test.labels[i]! : data.train.labels[data.validation[i]!]!;
    tally.add(actual, elements[map.best.offset + i]!, elements[map.loss.offset + i]!);
  }
  return tally.figures();
}

function resetTally({ words: w, lossSum }: Control, epoch: number): void {
  Atomics.store(w, words.epoch, epoch);
  Atomics.store(w, words.correct, 0);
  Atomics.store(w, words.seen, 0);
  lossSum[0] = 0;
}

function readTally(
  { words: w, lossSum }: Control,
  epoch: number,
  { optimizer }: Experiment,
): { loss: number; accuracy: number } {
  const seen = Atomics.load(w, words.seen);
  const loss = lossSum[0]! / seen;
  if (seen > 0 && !Number.isFinite(loss)) {
    throw new LockstepError(
      'failed',
      `the training diverged in epoch ${epoch}: the loss is ${loss}; ` +
        `lower optimizer.learningRate (now ${optimizer.learningRate})`,
    );
  }
  return { loss, accuracy: Atomics.load(w, words.correct) / seen };
}

function progressOf({ words: w, lossSum }: Control, { stepsPerEpoch }: Plan, begun: number): Progress {
  const seen = Atomics.load(w, words.seen);
  return {
    epoch: Atomics.load(w, words.epoch),
    step: Atomics.load(w, words.steps),
    stepsPerEpoch,
    loss: lossSum[0]! / seen,
    seconds: (performance.now() - begun) / 1000,
  };
}
