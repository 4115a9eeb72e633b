/**
 * A schedule is a pure function from the step to a factor on the learning rate. If it follows the training,
 * it also has a second factor, which it computes from the figures of each evaluation.
 */
import { erase } from './erase.ts';
import type { Config, Field, Fields } from './fields.ts';
import type { Figures, FigureText } from './figures.ts';

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
  /**
   * For schedules that follow the training: the second factor, from the figures of all evaluations.
   * `watched` is what the setting `metric` names.
   */
  follow?(config: Config<F>, history: readonly Figures[], watched: FigureText): number;
}

/** The setting that names the validation figure, for all that follows one. */
export const watchedMetric = {
  $ref: '#/$defs/figure',
  default: 'loss',
  description: 'Validation figure that is watched.',
} as const satisfies Field;

/** Every schedule can begin with this warm-up, except those that have their own. */
const warmup = {
  type: 'number',
  minimum: 0,
  default: 0,
  description: 'Epochs of linear warm-up before the schedule begins; may be a fraction.',
} as const satisfies Field;

/**
 * Declares a schedule. If it has no setting `warmup`, it gets one: the factor first rises linearly to 1
 * (Goyal et al., "Accurate, large minibatch SGD", 2017), and the schedule covers the steps that are left.
 */
export function schedule<const F extends Fields>(kind: ScheduleKind<F>): ScheduleKind {
  const own = erase<ScheduleKind>('schedule', kind);
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
