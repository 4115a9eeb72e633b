/** What a schedule is: a pure function from the step to the learning rate's factor. */
import type { Config, Fields } from './fields.ts';

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
}

export function schedule<const F extends Fields>(kind: ScheduleKind<F>): ScheduleKind {
  return kind as unknown as ScheduleKind;
}
