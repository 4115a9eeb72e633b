/**
 * The coordinator: epochs, commands to the executor, figures. It touches no file and no console; it yields
 * events, and everything else (command line, CSV, sweep, tests) consumes them.
 *
 * It never blocks: while the executor trains, it prepares the order of the next epoch and hears signals.
 */
import { figureNamed, type TaskFigures } from '../contracts/figures.ts';
import { targetWidth } from '../contracts/task.ts';
import { type SetOfSamples, signatureOf, writeOrder } from '../data/split.ts';
import { elementsOf, packImages } from '../engine/memory.ts';
import type { Plan } from '../engine/plan.ts';
import { takeProfile } from '../engine/profile.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { catalogue, figuresFor } from '../model/catalogue.ts';
import { weightsDigest } from '../model/weights.ts';
import type { Session } from '../parallel/executor.ts';
import { type Control, words } from '../sync/control.ts';
import { standingOf } from './early-stopping.ts';
import { type Evaluation, evaluationOf, figuresOf } from './evaluation.ts';
import type { EndEvent, EpochEvent, Progress, StartEvent, TrainEvent, Weights } from './events.ts';
import { outcomesOf, targetsOf } from './outcomes.ts';
import { type Prepared, prepare, type TrainOptions } from './prepare.ts';
import type { Moment, RunState } from './run-state.ts';
import { trainedModel } from './trained-model.ts';

export type { Reuse, TrainOptions } from './prepare.ts';

/** A training under way. */
interface Training extends Prepared {
  experiment: Experiment;
  options: TrainOptions;
  session: Session;
  clock: Clock;
  /** The moment of the best validation figure so far. */
  best: { epoch: number; moment: Moment } | undefined;
}

/** What progress is told by. */
interface Clock {
  /** The epoch at hand, counted from 1; 0 before the first. */
  epoch: number;
  /** When the steps since figures were taken began, ... */
  begun: number;
  /** ... how many of them were done before the command at hand, ... */
  steps: number;
  /** ... and how long those took, in seconds. */
  seconds: number;
}

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
  const { executor, signal } = options;
  const prepared = prepare(experiment, options);
  const { control, plan, state, task } = prepared;
  const stop = () => Atomics.store(control.words, words.stop, 1);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  let session: Session | undefined;
  try {
    session = await executor.start(task, plan.steps);
    // While its threads start.
    layOutImages(prepared, options);
    const clock = { epoch: 0, begun: performance.now(), steps: 0, seconds: 0 };
    const training: Training = { ...prepared, experiment, options, session, clock, best: undefined };
    yield startEvent(training);

    let ended = false;
    while (state.steps < plan.steps && !ended && !signal?.aborted) {
      const pause = nextPause(experiment, plan, state.steps);
      await advance(training, pause.step);
      checkFinite(training);
      if (state.steps < pause.step) break;
      if (!pause.figures) continue;
      const event = await takeFigures(training, pause.evaluation);
      ended = follow(training, event);
      yield event;
      state.resetTally();
      Object.assign(clock, { begun: performance.now(), steps: 0, seconds: 0 });
    }
    yield await endEvent(training, ended);
  } finally {
    signal?.removeEventListener('abort', stop);
    await session?.end();
  }
}

/** Packs the images, unless the training before left them in the same memory. */
function layOutImages({ task, plan, packed }: Prepared, { reuse }: TrainOptions): void {
  const { train, test } = task.data;
  if (!packed) packImages(task.memory, plan.map, { train, test });
  if (reuse) reuse.packed = plan.map.packedElements;
}

/** Trains up to this step, or until it is told to stop; all of it lies in one epoch. */
async function advance(training: Training, until: number): Promise<void> {
  const { plan, state, session, clock, control, task, trained, experiment } = training;
  const { epoch, first } = positionOf(state.steps, plan);
  clock.epoch = epoch;
  const begun = performance.now();
  const done = session.run({ kind: 'train', epoch, first, count: until - state.steps });
  if (first === 0 && epoch < plan.epochs) writeOrder(task.data, trained, experiment.seed, epoch + 1);
  await done;
  clock.seconds += (performance.now() - begun) / 1000;
  const steps = Atomics.exchange(control.words, words.steps, 0);
  state.steps += steps;
  clock.steps += steps;
}

/** The epoch of the step that comes after so many, counted from 1, and the step's place in it. */
function positionOf(steps: number, { stepsPerEpoch }: Plan): { epoch: number; first: number } {
  return { epoch: Math.floor(steps / stepsPerEpoch) + 1, first: steps % stepsPerEpoch };
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

function checkFinite({ state, plan, experiment: { optimizer } }: Training): void {
  const { sums, seen } = state.tally();
  const loss = sums[0]! / seen;
  if (seen === 0 || Number.isFinite(loss)) return;
  const epoch = Math.ceil(state.steps / plan.stepsPerEpoch);
  throw new LockstepError(
    'failed',
    `the training diverged in epoch ${epoch}: the loss is ${loss}; ` +
      `lower optimizer.learningRate (now ${optimizer.learningRate})`,
  );
}

/** The figures since they were taken last. */
async function takeFigures(training: Training, evaluation: boolean): Promise<EpochEvent> {
  const { plan, state, control, clock, monitored, profile } = training;
  const { sums, seen } = state.tally();
  const { minibatches } = tableOf(training);
  const { unit } = training.task.data;
  return {
    kind: 'epoch',
    epoch: state.steps / plan.stepsPerEpoch,
    step: state.steps,
    learningRate: plan.learningRate(state.steps - 1) * control.rateFactor[0]!,
    train: { loss: sums[0]! / seen, [minibatches.figure]: minibatches.of(sums, 1, seen, unit) },
    validation: monitored && evaluation ? await evaluate(training, monitored) : undefined,
    best: undefined,
    profile: profile && takeProfile(profile),
    seconds: clock.seconds,
    samplesPerSecond: seen / clock.seconds,
  };
}

/** Adds the figures to the history, and does what it calls for. True: the training should end. */
function follow(training: Training, event: EpochEvent): boolean {
  const { state, experiment, control } = training;
  const { epoch, step, learningRate, train, validation } = event;
  const figures = validation && figuresOf(validation);
  state.history = [...state.history, { epoch, step, learningRate, train, validation: figures }];
  // The test set must not decide anything.
  if (!validation || experiment.data.monitor !== 'validation') return false;
  const evaluations = state.history.flatMap(({ validation }) => validation ?? []);
  const { schedule, earlyStopping } = experiment;
  const { follow } = catalogue.schedule.get(schedule.kind)!;
  const table = tableOf(training);
  if (follow) {
    const watched = figureNamed(table, String(schedule.metric))!;
    control.rateFactor[0] = follow(schedule, evaluations, watched);
  }
  const { improved, ended } = standingOf(evaluations, table, earlyStopping);
  if (improved) {
    const moment = state.capture();
    training.best = { epoch, moment };
    event.best = () => weightsAt(state, moment);
  }
  return ended;
}

/** The task's table of figures. */
function tableOf({ plan }: Training): TaskFigures {
  return figuresFor(plan.network.task);
}

function weightsAt({ tensors }: RunState, moment: Moment): Weights {
  const { parameters, state } = tensors(moment);
  return { weights: parameters, state };
}

async function evaluate(training: Training, { set, count }: SetOfSamples): Promise<Evaluation> {
  const { session, task, plan } = training;
  const { test, train, validation, targets, unit } = task.data;
  await session.run({ kind: 'evaluate', set, count });
  const table = tableOf(training);
  const tally = table.start(targets, unit);
  const outcomeOf = outcomesOf(elementsOf(task.memory), plan.map, table, unit);
  const asked = targetsOf(set === 'test' ? test : train, targetWidth(targets));
  for (let i = 0; i < count; i++) {
    const { predicted, loss } = outcomeOf(i);
    tally.add(asked(set === 'test' ? i : validation[i]!), predicted, loss);
  }
  return evaluationOf(tally);
}

function startEvent(training: Training): StartEvent {
  const { plan, trained, monitored } = training;
  return {
    kind: 'start',
    plan,
    signature: signatureOf(training.task.data),
    classWeights: training.task.data.classWeights,
    trainingSamples: trained.length,
    validationSamples: monitored?.count ?? 0,
    progress: () => progressOf(training),
  };
}

function progressOf({ control, plan, state, clock }: Training): Progress {
  const { stepsPerEpoch } = plan;
  const doneNow = Atomics.load(control.words, words.steps);
  const steps = state.steps + doneNow;
  return {
    epoch: clock.epoch,
    step: steps - (Math.max(clock.epoch, 1) - 1) * stepsPerEpoch,
    stepsPerEpoch,
    stepsLeft: plan.steps - steps,
    loss: lossOf(control),
    stepsPerSecond: (1000 * (clock.steps + doneNow)) / (performance.now() - clock.begun),
  };
}

function lossOf({ words: w, sums }: Control): number {
  return sums[0]! / Atomics.load(w, words.seen);
}

/** Takes the weights that count, and judges them by the test set, unless somebody else does. */
async function endEvent(training: Training, ended: boolean): Promise<EndEvent> {
  const { experiment, options, plan, state, session, task } = training;
  const early = ended && state.steps < plan.steps;
  const stopped = !ended && state.steps < plan.steps;
  const last = state.capture();
  const result = (experiment.earlyStopping && training.best?.moment) || last;
  state.restore(result);
  const judged = !stopped && (options.test ?? true);
  const test = judged ? await evaluate(training, { set: 'test', count: task.data.test.count }) : undefined;
  const final = weightsAt(state, last);
  const best = training.best && {
    ...weightsAt(state, training.best.moment),
    epoch: training.best.epoch,
  };
  const { weights, state: layers } = result === last ? final : best!;
  const signature = signatureOf(task.data);
  const { classWeights } = task.data;
  const event: Omit<EndEvent, 'model'> = {
    kind: 'end',
    stopped,
    stoppedEarly: early,
    epochs: Math.floor(last.steps / plan.stepsPerEpoch),
    steps: last.steps,
    activeThreads: session.active(),
    history: last.history,
    test,
    weights,
    state: layers,
    weightsSha256: weightsDigest(weights),
    signature,
    classWeights,
    last: final,
    best,
  };
  const model = once(() => trainedModel(experiment, plan.network, signature, weights, layers, classWeights));
  // Not enumerable: who copies the event, or prints it, does not mean to make a model.
  return Object.defineProperty(event, 'model', { get: model }) as EndEvent;
}

/** Makes something when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
