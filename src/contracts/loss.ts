/**
 * A loss computes, by rows, the loss of each sample and its gradient, and for classes the predicted class.
 */
import type { Matrix, Range, Vector } from '../foundation/shapes.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { erase } from './erase.ts';
import type { Config, Fields } from './fields.ts';
import type { Task } from './task.ts';

export interface LossContext {
  kernels: Kernels;
  /** Logits, the network's output. (rows, outputs) */
  z: Matrix;
  /** Gradient of each sample's own loss. (rows, outputs) */
  dz: Matrix;
  /** The sample's loss. (rows) */
  loss: Vector;
  /** Classes: the sample's class. (rows) */
  label: Vector;
  /** Classes: the predicted class. (rows) */
  predicted: Vector;
  /** Values: standardised; flags: 0 or 1. (rows, outputs) */
  target: Matrix;
}

export interface Loss {
  /** Computes loss and dz from z and what was asked for, and for classes predicted, for these rows. */
  rows(rows: Range): void;
}

export interface LossKind<F extends Fields = Fields> {
  kind: string;
  summary: string;
  /** What it can be asked for. If it is said nowhere else, the first is meant. */
  tasks: readonly [Task, ...Task[]];
  fields: F;
  build(config: Config<F>, site: LossContext, task: Task): Loss;
  /**
   * Classes and flags: turns one sample's outputs into probabilities, in place. Those of classes add up to 1,
   * and the predicted class has the largest. A flag is predicted if it is above 0.5.
   */
  probabilities?(outputs: Float64Array): void;
}

export function loss<const F extends Fields>(kind: LossKind<F>): LossKind {
  return erase<LossKind>('loss', kind);
}
