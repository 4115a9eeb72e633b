/**
 * What a schedule is: a pure function from the step to the learning rate's factor; and where it follows the training,
 * a second factor from the figures of each evaluation.
 */
import { erase } from './erase.ts';
import type { Config, Field, Fields } from './fields.ts';
import { type Metrics, watchedMetrics } from './figures.ts';

/** How long the training is. */
export interface Horizon {
  steps: number;
  stepsPerEpoch: number;
}

/** The factor on the learning rate at this step (counted from 0), between 0 and 1. */
export type Schedule = (step: number) => number;

export interface ScheduleKind<F extends Fields = Fields> {
  kind: string;
  summary: string;
  fields: F;
  build(config: Config<F>, horizon: Horizon): Schedule;
  /** For schedules that follow the training: the second factor, from the figures of all evaluations so far. */
  follow?(config: Config<F>, history: readonly Metrics[]): number;
}

/** Setting of what is steered by a validation figure. */
export const watchedMetric = {
  enum: watchedMetrics,
  default: 'loss',
  description: 'Validation figure that is watched.',
} as const satisfies Field;

/** Every schedule can begin with this, but those that have a warm-up of their own. */
const warmup = {
  type: 'number',
  minimum: 0,
  default: 0,
  description: 'Epochs of linear warm-up before the schedule begins; may be a fraction.',
} as const satisfies Field;

/**
 * Declares a schedule. Unless it has a setting `warmup` of its own, it gets one: the factor then rises
 * linearly to 1 first (Goyal et al., "Accurate, large minibatch SGD", 2017), and the schedule covers the
 * steps that are left.
 */
export function schedule<const F extends Fields>(kind: ScheduleKind<F>): ScheduleKind {
  const own = erase<ScheduleKind>(kind);
  if ('warmup' in kind.fields) return own;
  return {
    ...own,
    fields: { warmup, ...kind.fields },
    build(config, { steps, stepsPerEpoch }) {
      const rising = Math.min(Math.round((config.warmup as number) * stepsPerEpoch), steps);
      const after = own.build(config, { steps: steps - rising, stepsPerEpoch });
      return (step) => (step < rising ? (step + 1) / rising : after(step - rising));
    },
  };
}
