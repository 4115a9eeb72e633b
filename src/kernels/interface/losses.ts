import type { Matrix, Range, Vector } from '../../foundation/shapes.ts';

/**
 * Losses and their gradients, by rows. The loss is each sample's own, and dz its gradient. What does not
 * compare with a class is a mean over the outputs.
 *
 * z, dz, target (rows, outputs), of classes: (rows, classes); label, loss, predicted (rows)
 */
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
  /** loss = mean of (z - target)², dz = 2 (z - target) / outputs. */
  squaredError(z: Matrix, dz: Matrix, target: Matrix, loss: Vector, rows: Range): void;
  /** loss = mean of |z - target|, dz = sign(z - target) / outputs, 0 where the two are equal. */
  absoluteError(z: Matrix, dz: Matrix, target: Matrix, loss: Vector, rows: Range): void;
  /**
   * loss = mean of e² / 2 where |e| <= delta, and of delta (|e| - delta / 2) elsewhere, e = z - target;
   * dz = e, but at most delta and at least -delta, / outputs.
   */
  huberError(z: Matrix, dz: Matrix, target: Matrix, loss: Vector, rows: Range, delta: number): void;
  /**
   * Of logits: loss = mean of -(target ln s + (1 - target) ln(1 - s)), dz = (s - target) / outputs, s the
   * sigmoid of z, and target from 0 to 1.
   */
  binaryCrossEntropy(z: Matrix, dz: Matrix, target: Matrix, loss: Vector, rows: Range): void;
  /** Multiplies a sample's loss and dz by the weight of its class. weights (classes), finite */
  weigh(dz: Matrix, loss: Vector, label: Vector, weights: Vector, rows: Range): void;
}
