/** A training goes on to where its figures are taken next, and takes them. */
import type { Plan } from '../engine/plan.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { LockstepError } from '../foundation/errors.ts';
import { advance } from './advance.ts';
import { findDivergence, isSound } from './divergence.ts';
import type { EpochEvent } from './events.ts';
import { follow, setRate, takeFigures } from './take-figures.ts';
import type { Training } from './training.ts';

/** Figures that were taken, and whether the training should end with them. */
export interface TakenFigures {
  event: EpochEvent;
  ended: boolean;
}

/**
 * Trains until figures are due, but not beyond `until` updates in all. Undefined if none were due there.
 * Whoever has read the figures calls `beginCounting` before the next step.
 *
 * @throws LockstepError `failed` if the training diverges
 */
export async function forward(training: Training, until: number): Promise<TakenFigures | undefined> {
  const { experiment, plan, state } = training;
  const pause = nextPause(experiment, plan, state.steps);
  await advance(training, Math.min(pause.step, until));
  if (!isSound(training)) throw await whatDiverged(training);
  if (state.steps !== pause.step || !pause.figures) return undefined;
  const event = await takeFigures(training, pause.evaluation);
  return { event, ended: follow(training, event) };
}

/** Figures were taken: losses, and the time, are counted anew. */
export function beginCounting({ state, clock }: Training): void {
  state.resetTally();
  Object.assign(clock, { begun: performance.now(), steps: 0, seconds: 0 });
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
