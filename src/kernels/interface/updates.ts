import type { Pieces } from './blocks.ts';

/** Hyperparameters of one step of gradient descent. */
export interface DescentStep {
  /** 1 / rows of the minibatch: turns the summed gradient into the average. */
  scale: number;
  learningRate: number;
  /** Adds weightDecay * W to the gradient (L2). */
  weightDecay: number;
}

/** The numbers of one step of Adam. */
export interface AdamStep {
  /** 1 / rows of the minibatch. */
  scale: number;
  /** Adds decay * W to the gradient. */
  decay: number;
  /** What is left of W before the step. */
  keep: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** learningRate / (1 - beta1^t) */
  rate: number;
  /** sqrt(1 - beta2^t) */
  root: number;
}

/**
 * Updates of a block W of a parameter and of its slots, from its gradient `g` summed over the minibatch: the
 * pieces of the block one after the other. `gradient` = g scale + decay W.
 */
export interface UpdateKernels {
  /**
   * The sum of the squares of `length` elements at `g`, in float64; length is a multiple of 4. They are added
   * as they lie; or if `rows` is given, they are a block of so many rows in panels of 32 columns, and are
   * added in the order of panels of 8.
   */
  sumOfSquares(g: number, length: number, rows?: number): number;
  /** Changes nothing: takes the cache lines of a block for this core, which is going to write it soon. */
  takeLines(W: Pieces): void;

  /** W = W - learningRate gradient. */
  sgd(W: Pieces, g: number, step: DescentStep): void;
  /** v = mu v + gradient; W = W - learningRate v, or with Nesterov W - learningRate (gradient + mu v). */
  momentum(W: Pieces, v: Pieces, g: number, step: DescentStep, mu: number, nesterov: boolean): void;
  /** v = rho v + (1 - rho) gradient²; W = W - learningRate gradient / (sqrt(v) + epsilon). */
  rmsprop(W: Pieces, v: Pieces, g: number, step: DescentStep, rho: number, epsilon: number): void;
  /**
   * m = beta1 m + (1 - beta1) gradient; v = beta2 v + (1 - beta2) gradient²;
   * W = keep W - rate m / (sqrt(v) / root + epsilon).
   */
  adam(W: Pieces, m: Pieces, v: Pieces, g: number, step: AdamStep): void;
}
