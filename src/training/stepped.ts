/**
 * A training that is driven from outside, step by step, and back to any moment that was captured: for a page
 * that shows how a network learns. However it came to a step, its bits are those of `train`.
 */
import { type Signature, signatureOf } from '../data/split.ts';
import type { Plan } from '../engine/plan.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { weightsDigest } from '../model/weights.ts';
import { goBack } from './advance.ts';
import type { Weights } from './events.ts';
import { beginCounting, forward } from './forward.ts';
import { prepare, type TrainOptions } from './prepare.ts';
import type { EpochFigures, Moment } from './run-state.ts';
import { startTraining } from './start-training.ts';
import { weightsAt } from './training.ts';

/** Its calls come one after the other: none while `advance` is at work. */
export interface SteppedTraining {
  readonly plan: Plan;
  readonly signature: Signature;
  /** Updates done. */
  readonly steps: number;
  /** Mean loss since figures were taken; NaN before the first step after that. */
  readonly loss: number;
  /** The figures that were taken up to here: rows of metrics.csv. */
  readonly history: readonly EpochFigures[];
  /**
   * Trains until so many updates are done in all, or the training is over, and takes figures where `train`
   * does.
   *
   * @throws LockstepError `failed` if the training diverges; `restore` then leads back
   */
  advance(until: number): Promise<void>;
  /** All that the training is now, as a copy. */
  capture(): Moment;
  /** Goes back, or forward, to a moment that was captured. */
  restore(moment: Moment): void;
  /** A copy of the weights, and of what layers carry beside them. */
  weights(): Weights;
  /** Of the weights: after the last step, what `train` prints. */
  weightsSha256(): string;
  end(): Promise<void>;
}

/** @throws LockstepError `usage` if the experiment does not fit the data, or is to end early */
export async function stepped(
  experiment: Experiment,
  options: Pick<TrainOptions, 'dataset' | 'executor' | 'reuse'>,
): Promise<SteppedTraining> {
  if (experiment.earlyStopping) {
    const expected = 'no early stopping, because whoever takes the steps ends the training';
    throw new LockstepError('usage', { where: 'earlyStopping', expected, got: 'such a rule' });
  }
  const training = await startTraining(experiment, options, prepare(experiment, options));
  const { plan, state, task } = training;
  const weights = () => weightsAt(state, state.capture());
  return {
    plan,
    signature: signatureOf(task.data),
    get steps() {
      return state.steps;
    },
    get loss() {
      const { sums, seen } = state.tally();
      return sums[0]! / seen;
    },
    get history() {
      return state.history;
    },
    async advance(until) {
      const last = Math.min(until, plan.steps);
      while (state.steps < last) {
        if (await forward(training, last)) beginCounting(training);
      }
    },
    capture() {
      training.sound = state.capture();
      return training.sound;
    },
    restore(moment) {
      training.sound = moment;
      goBack(training, moment);
    },
    weights,
    weightsSha256: () => weightsDigest(weights().weights),
    end: () => training.session.end(),
  };
}
