/** What a training tells while it goes on. */
import type { Signature } from '../data/split.ts';
import type { Plan } from '../engine/plan.ts';
import type { Profile } from '../engine/profile.ts';
import type { WeightTensor } from '../model/weights.ts';
import type { WorkerLost } from '../parallel/worker-lost.ts';
import type { Evaluation } from './evaluation.ts';
import type { EpochFigures, Position } from './run-state.ts';
import type { TrainedModel } from './trained-model.ts';

/** Before the first step. */
export interface StartEvent {
  kind: 'start';
  plan: Plan;
  /** What the network is trained for, and how samples are prepared. */
  signature: Signature;
  /** By class, what the losses are multiplied by. */
  classWeights: readonly number[] | undefined;
  /** Samples an epoch trains on, and samples that are evaluated during the training. */
  trainingSamples: number;
  validationSamples: number;
  /** How far the training is right now. Cheap; call it as often as you like. */
  progress(): Progress;
}

export interface Progress {
  /** Counted from 1; 0 before the first. */
  epoch: number;
  /** Steps of this epoch that are done, of `stepsPerEpoch`. */
  step: number;
  stepsPerEpoch: number;
  /** Steps of the whole training that are left. */
  stepsLeft: number;
  /** Mean loss since figures were taken; NaN before the first step. */
  loss: number;
  /** Since figures were taken; NaN before the first step. */
  stepsPerSecond: number;
}

/** Each time that figures are taken: after each epoch, or every so many steps, and at the end. */
export interface EpochEvent extends Omit<EpochFigures, 'validation'> {
  kind: 'epoch';
  /** Figures on the set that is monitored; undefined when there is none, or it is not its turn. */
  validation: Evaluation | undefined;
  /** Reads the weights, if this validation figure is the best so far; undefined elsewhere. */
  best: (() => Weights) | undefined;
  /**
   * Reads a parameter as it is now, by its name, such as `model.0.W`; undefined if there is none. Only until
   * the next event is asked for: then the threads go on.
   */
  parameter(id: string): WeightTensor | undefined;
  /** What each thread spent its time on since figures were taken; only if it was asked for. */
  profile: Profile | undefined;
  /** Wall time of the steps since figures were taken, evaluations not included. */
  seconds: number;
  samplesPerSecond: number;
}

/** What a layer, or all of them, have learned. */
export interface Weights {
  weights: WeightTensor[];
  /** What layers carry from step to step beside the weights, such as running means. */
  state: WeightTensor[];
}

/** Now and then: all that is needed to go on from here, as `execution.checkpoint` says. */
export interface CheckpointEvent {
  kind: 'checkpoint';
  /** Updates done. */
  steps: number;
  /** Reads it out of a copy, so it may be asked for later. */
  position(): Position;
}

/** Threads were lost, and others go on from the last checkpoint in memory, with the same bits. */
export interface RepairEvent {
  kind: 'repair';
  /** What was lost. */
  reason: WorkerLost;
  /** Updates done at the checkpoint. */
  steps: number;
  /** Which repair this is, from 1, and how many there may be. */
  number: number;
  most: number;
}

/** After the last step, or after the step at which the training was stopped. */
export interface EndEvent extends Weights {
  kind: 'end';
  /** Stopped before its end by the signal. */
  stopped: boolean;
  /** Ended before its end, because it got no better. */
  stoppedEarly: boolean;
  /** Whole epochs done. */
  epochs: number;
  /** Updates done. */
  steps: number;
  /** Threads that took part at the end. */
  activeThreads: number;
  /** All figures that were taken, in order. */
  history: readonly EpochFigures[];
  /** Figures on the test set, taken once; undefined when stopped, or not asked for. */
  test: Evaluation | undefined;
  /** Of `weights`, which are those of the last step, or with early stopping, the best. */
  weightsSha256: string;
  /** What the network was trained for, and how samples are prepared. */
  signature: Signature;
  /** By class, what the losses are multiplied by. */
  classWeights: readonly number[] | undefined;
  /** After the last step. */
  last: Weights;
  /** Those of the best validation figure, and when that was; undefined without validation. */
  best: (Weights & { epoch: number }) | undefined;
  /** All that is needed to go on from the last step. */
  position(): Position;
  /** The network with `weights`, ready to work; it takes memory of its own when it is first asked for. */
  readonly model: TrainedModel;
}

export type TrainEvent = StartEvent | EpochEvent | CheckpointEvent | RepairEvent | EndEvent;
