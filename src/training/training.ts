/** A training under way: what its parts share. */
import type { TaskFigures } from '../contracts/figures.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { figuresFor } from '../model/catalogue.ts';
import { asWeights } from '../model/weights.ts';
import type { Session } from '../parallel/executor.ts';
import type { Weights } from './events.ts';
import type { Prepared, TrainOptions } from './prepare.ts';
import type { Moment, Position, RunState } from './run-state.ts';

/** A training under way. */
export interface Training extends Prepared {
  experiment: Experiment;
  options: TrainOptions;
  session: Session;
  clock: Clock;
  /** The moment of the best validation figure so far. */
  best: { epoch: number; moment: Moment } | undefined;
  /** The newest moment that is known to be sound: the checkpoint in memory. */
  sound: Moment;
  /** Updates at which the events of a repeated part end that were told before. */
  told: number;
  repairs: number;
  /** The epochs whose orders are written, by their parity. */
  orders: [even: number, odd: number];
}

/** What progress is told by. */
export interface Clock {
  /** The epoch at hand, counted from 1; 0 before the first. */
  epoch: number;
  /** When the steps since figures were taken began, ... */
  begun: number;
  /** ... how many of them were done before the command at hand, ... */
  steps: number;
  /** ... and how long those took, in seconds. */
  seconds: number;
}

/** The task's table of figures. */
export function tableOf({ plan }: Training): TaskFigures {
  return figuresFor(plan.network.task);
}

export function weightsAt({ tensors }: RunState, moment: Moment): Weights {
  const { parameters, state } = tensors(moment);
  return { weights: asWeights(parameters), state: asWeights(state) };
}

export function positionAt({ state, plan }: Pick<Prepared, 'state' | 'plan'>, moment: Moment): Position {
  const { numbers: _, ...rest } = moment;
  return { ...rest, epochs: moment.steps / plan.stepsPerEpoch, tensors: state.tensors(moment) };
}
