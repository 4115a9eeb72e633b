/** Steps: forward with the executor, and back to a moment that is known to be sound. */
import { writeOrder } from '../data/split.ts';
import type { Plan } from '../engine/plan.ts';
import { words } from '../sync/control.ts';
import type { Moment } from './run-state.ts';
import { setRate } from './take-figures.ts';
import type { Training } from './training.ts';

/** Milliseconds that a step may go on when the training has to stop: whoever stops it waits two seconds. */
const graceTime = 1200;

/** Trains up to this step, or until the threads are told to halt; all of it lies in one epoch. */
export async function advance(training: Training, until: number): Promise<void> {
  const { plan, state, session, clock, control } = training;
  const { epoch, first } = positionOf(state.steps, plan);
  clock.epoch = epoch;
  prepareOrder(training, epoch);
  const begun = performance.now();
  const done = session.run({ kind: 'train', epoch, first, count: until - state.steps });
  if (epoch < plan.epochs) prepareOrder(training, epoch + 1);
  if (!(await inTime(training, done))) return;
  clock.seconds += (performance.now() - begun) / 1000;
  Atomics.store(control.words, words.pause, 0);
  const steps = Atomics.exchange(control.words, words.steps, 0);
  state.steps += steps;
  clock.steps += steps;
}

/**
 * Waits until a command is done. If the training has to stop and a step takes too long for that, the threads
 * are let go, and the training goes back to the last sound moment. Returns whether the command was done.
 */
async function inTime(training: Training, done: Promise<void>): Promise<boolean> {
  const { signal } = training.options;
  const { session, sound } = training;
  if (!signal || !session.abort) {
    await done;
    return true;
  }
  let timer: NodeJS.Timeout | undefined;
  let begin = () => {};
  const late = new Promise<'late'>((resolve) => {
    begin = () => {
      timer = setTimeout(() => resolve('late'), graceTime);
    };
  });
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin);
  try {
    if ((await Promise.race([done, late])) !== 'late') return true;
    done.catch(() => {});
    await session.abort();
    goBack(training, sound);
    return false;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', begin);
  }
}

/** Writes the order of this epoch, unless it is there. */
function prepareOrder({ task, trained, experiment, orders }: Training, epoch: number): void {
  if (orders[epoch % 2] === epoch) return;
  writeOrder(task.data, trained, experiment.seed, epoch);
  orders[epoch % 2] = epoch;
}

/** The epoch of the step that comes after so many, counted from 1, and the step's place in it. */
function positionOf(steps: number, { stepsPerEpoch }: Plan): { epoch: number; first: number } {
  return { epoch: Math.floor(steps / stepsPerEpoch) + 1, first: steps % stepsPerEpoch };
}

/** Goes back to this moment, with all that follows from its history. */
export function goBack(training: Training, moment: Moment): void {
  const { state, clock } = training;
  state.restore(moment);
  setRate(training);
  Object.assign(clock, { begun: performance.now(), steps: 0, seconds: 0 });
}
