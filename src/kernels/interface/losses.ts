import type { Matrix, Range, Vector } from '../../foundation/shapes.ts';

/** Losses and their gradients, by rows. z, dz (rows, classes); label, loss, predicted (rows) */
export interface LossKernels {
  /**
   * loss = -sum of t ln softmax(z), dz = softmax(z) - t, predicted = the class of the largest logit, the
   * first of equals. The target t is onehot(label), or with smoothing s, (1 - s) onehot(label) + s / classes.
   */
  softmaxCrossEntropy(
    z: Matrix,
    dz: Matrix,
    label: Vector,
    loss: Vector,
    predicted: Vector,
    rows: Range,
    smoothing?: number,
  ): void;
  /**
   * loss = mean over the classes of (z - onehot(label))², dz = 2 (z - onehot(label)) / classes, predicted the
   * same.
   */
  meanSquaredError(z: Matrix, dz: Matrix, label: Vector, loss: Vector, predicted: Vector, rows: Range): void;
}
