/** A loss computes, by rows, the loss of each sample, its gradient and the predicted class. */
import type { Matrix, Range, Vector } from '../foundation/shapes.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { erase } from './erase.ts';
import type { Config, Fields } from './fields.ts';

export interface LossContext {
  kernels: Kernels;
  /** Logits, the network's output. (rows, classes) */
  z: Matrix;
  /** Gradient of each sample's own loss. (rows, classes) */
  dz: Matrix;
  /** The sample's class. (rows) */
  label: Vector;
  /** The sample's loss. (rows) */
  loss: Vector;
  /** The predicted class. (rows) */
  predicted: Vector;
}

export interface Loss {
  /** Computes loss, predicted and dz from z and label, for these rows. */
  rows(rows: Range): void;
}

export interface LossKind<F extends Fields = Fields> {
  kind: string;
  summary: string;
  fields: F;
  build(config: Config<F>, site: LossContext): Loss;
  /**
   * Turns one sample's outputs into a probability for each class, in place. They add up to 1, and the
   * predicted class has the largest.
   */
  probabilities(outputs: Float64Array): void;
}

export function loss<const F extends Fields>(kind: LossKind<F>): LossKind {
  return erase<LossKind>(kind);
}
