/**
 * The coordinator: epochs, commands to the executor, figures. It touches no file and no console; it yields
 * events, and everything else (command line, CSV, sweep, tests) consumes them.
 *
 * It never blocks: while the executor trains, it prepares the order of the next epoch and hears signals.
 */
import { signatureOf } from '../data/split.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { WorkerLost } from '../parallel/worker-lost.ts';
import { type Control, resetControl, words } from '../sync/control.ts';
import { goBack } from './advance.ts';
import { type CheckpointClock, checkpointClock } from './checkpoint-clock.ts';
import { endEvent } from './end.ts';
import type { CheckpointEvent, Progress, StartEvent, TrainEvent } from './events.ts';
import { beginCounting, forward } from './forward.ts';
import { hearStop } from './hear-stop.ts';
import { prepare, type TrainOptions } from './prepare.ts';
import { startTraining } from './start-training.ts';
import { standing } from './take-figures.ts';
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
  const { ranks } = options.executor;
  const prepared = prepare(experiment, options);
  const { control, plan } = prepared;
  const stop = hearStop(options.signal, control, ranks);
  const checkpoints = checkpointClock(experiment.execution, plan.stepsPerEpoch, control, ranks);
  let training: Training | undefined;
  try {
    training = await startTraining(experiment, options, prepared);
    yield startEvent(training);
    for (;;) {
      try {
        yield* goOn(training, checkpoints, stop.isAsked);
        return;
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error;
        yield* repair(training, error);
      }
    }
  } finally {
    checkpoints.end();
    stop.end();
    await training?.session.end();
  }
}

/** Trains from where the state is to the end, or until it is asked to stop. */
async function* goOn(
  training: Training,
  checkpoints: CheckpointClock,
  stops: () => boolean,
): AsyncGenerator<TrainEvent, void> {
  const { plan, state } = training;
  let { ended } = standing(training);
  while (state.steps < plan.steps && !ended && !stops()) {
    const figures = await forward(training, plan.steps);
    if (figures) {
      ended = figures.ended;
      const { event } = figures;
      if (event.step > training.told) {
        training.told = event.step;
        yield event;
      }
      beginCounting(training);
    }
    if (stops() || state.steps === plan.steps || ended || !checkpoints.isDue(state.steps)) continue;
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
