/**
 * The coordinator: epochs, commands to the executor, figures. It touches no file and no console; it yields
 * events, and everything else (command line, CSV, sweep, tests) consumes them.
 *
 * It never blocks: while the executor trains, it prepares the order of the next epoch and hears signals.
 */
import { signatureOf } from '../data/split.ts';
import { packImages } from '../engine/memory.ts';
import type { Plan } from '../engine/plan.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { LockstepError } from '../foundation/errors.ts';
import type { Session } from '../parallel/executor.ts';
import { WorkerLost } from '../parallel/worker-lost.ts';
import { type Control, resetControl, words } from '../sync/control.ts';
import { advance, goBack } from './advance.ts';
import { type CheckpointClock, checkpointClock } from './checkpoint-clock.ts';
import { findDivergence, isSound } from './divergence.ts';
import { endEvent } from './end.ts';
import type { CheckpointEvent, Progress, StartEvent, TrainEvent, Weights } from './events.ts';
import { type Prepared, prepare, type TrainOptions } from './prepare.ts';
import type { RunState } from './run-state.ts';
import { follow, setRate, standing, takeFigures } from './take-figures.ts';
import { positionAt, type Training } from './training.ts';

export type { Beginning, Reuse, TrainOptions } from './prepare.ts';

/** How often lost threads are replaced. */
const mostRepairs = 3;

/**
 * Trains the experiment. The bits of `weights` and of all figures depend on the experiment and the data
 * alone, not on the executor.
 *
 * @throws LockstepError when a shape cannot fit, workers are lost again and again, or the training diverges.
 */
export async function* train(
  experiment: Experiment,
  options: TrainOptions,
): AsyncGenerator<TrainEvent, void> {
  const { signal, from } = options;
  const prepared = prepare(experiment, options);
  const { control, plan, state, task } = prepared;
  const stop = () => Atomics.store(control.words, words.stop, 1);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  const checkpoints = checkpointClock(experiment.execution, plan.stepsPerEpoch, control);
  let session: Session | undefined;
  let training: Training | undefined;
  try {
    session = await options.executor.start(task, plan.steps);
    // While its threads start.
    layOutImages(prepared, options);
    const clock = { epoch: 0, begun: performance.now(), steps: 0, seconds: 0 };
    const start = from ? state.momentOf(from.position) : state.capture();
    training = {
      ...prepared,
      ...{ experiment, options, session, clock },
      ...{ best: from?.best && bestOf(state, from.best), sound: start, told: start.steps },
      ...{ repairs: 0, orders: [-1, -1] },
    };
    goBack(training, start);
    yield startEvent(training);
    for (;;) {
      try {
        yield* goOn(training, checkpoints);
        return;
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error;
        yield* repair(training, error);
      }
    }
  } finally {
    checkpoints.end();
    signal?.removeEventListener('abort', stop);
    await (training?.session ?? session)?.end();
  }
}

/** Trains from where the state is to the end. */
async function* goOn(training: Training, checkpoints: CheckpointClock): AsyncGenerator<TrainEvent, void> {
  const { experiment, options, plan, state, clock } = training;
  const { signal } = options;
  let ended = standing(training).ended;
  while (state.steps < plan.steps && !ended && !signal?.aborted) {
    const pause = nextPause(experiment, plan, state.steps);
    await advance(training, pause.step);
    if (!isSound(training)) throw await whatDiverged(training);
    if (state.steps === pause.step && pause.figures) {
      const event = await takeFigures(training, pause.evaluation);
      ended = follow(training, event);
      if (event.step > training.told) {
        training.told = event.step;
        yield event;
      }
      state.resetTally();
      Object.assign(clock, { begun: performance.now(), steps: 0, seconds: 0 });
    }
    if (signal?.aborted || state.steps === plan.steps || ended || !checkpoints.isDue(state.steps)) continue;
    training.sound = state.capture();
    checkpoints.taken();
    yield checkpointEvent(training);
  }
  yield await endEvent(training, ended);
}

function checkpointEvent(training: Training): CheckpointEvent {
  const { sound } = training;
  return { kind: 'checkpoint', steps: sound.steps, position: () => positionAt(training, sound) };
}

/** Replaces threads that were lost, and goes back to the last sound moment. */
async function* repair(training: Training, reason: WorkerLost): AsyncGenerator<TrainEvent, void> {
  const { control, task, plan, options, session, sound } = training;
  await session.end();
  training.repairs++;
  if (training.repairs > mostRepairs) {
    if (sound.steps > 0) yield checkpointEvent(training);
    throw reason;
  }
  resetControl(control);
  goBack(training, sound);
  const { steps } = sound;
  yield { kind: 'repair', reason, steps, number: training.repairs, most: mostRepairs };
  training.session = await options.executor.start(task, plan.steps - steps);
}

/** Packs the images, unless the training before left them in the same memory. */
function layOutImages({ task, plan, packed }: Prepared, { reuse }: TrainOptions): void {
  const { train, test } = task.data;
  if (!packed) packImages(task.memory, plan.map, { train, test });
  if (reuse) reuse.packed = plan.map.packedElements;
}

/** Does the steps since the last sound moment again, to say where the training diverged. */
function whatDiverged(training: Training): Promise<LockstepError> {
  const { history } = training.state;
  return findDivergence(training, training.sound, async () => {
    const { state } = training;
    // A schedule that follows the training has seen the figures up to here.
    state.history = history.filter(({ step }) => step <= state.steps);
    setRate(training);
    await advance(training, state.steps + 1);
  });
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

/** The best weights of a checkpoint, as a moment. */
function bestOf(state: RunState, { epoch, weights, state: layers }: Weights & { epoch: number }) {
  const tensors = { parameters: weights, slots: [], state: layers };
  const nothing = { steps: 0, epochs: 0, tally: { sums: [], seen: 0 }, history: [] };
  return { epoch, moment: state.momentOf({ ...nothing, tensors }) };
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
