import type { Matrix, Range, Vector } from '../../foundation/shapes.ts';

/** What a column is normalised by: xhat = (x - mean) / sqrt(variance + epsilon). */
export interface Normalization {
  mean: Vector;
  variance: Vector;
  epsilon: number;
}

/**
 * Normalisation of each feature over the rows of the minibatch, and its gradient.
 *
 * mean, variance, gamma, beta, dgamma, dbeta (features). `features` is some of them, of which the first is a
 * multiple of 4. Of vectors, x, y, dy, dx (rows, features). Of images a feature is a channel, and x, y, dy,
 * dx are (rows, places · features), place after place: as many places as `mean` goes into a row. Sums and
 * means then are over rows and places: in a cut of rows the places of each row by themselves, in reading
 * order, then the rows, then the cuts.
 */
export interface NormalizationKernels {
  /** mean = means of the `features` of x over `rows`, variance = means of (x - mean)². */
  moments(x: Matrix, rows: Range, features: Range, mean: Vector, variance: Vector): void;
  /** average = (1 - share) average + share factor value, for the elements `features`. */
  movingAverage(average: Vector, value: Vector, features: Range, share: number, factor: number): void;
  /** y = gamma xhat + beta. */
  normalize(x: Matrix, by: Normalization, gamma: Vector, beta: Vector, y: Matrix, rows: Range): void;
  /** dgamma = sums of dy xhat over `rows`, dbeta = sums of dy, for these `features`. */
  normalizeSums(
    x: Matrix,
    dy: Matrix,
    by: Normalization,
    rows: Range,
    features: Range,
    dgamma: Vector,
    dbeta: Vector,
  ): void;
  /**
   * The same sums cut by cut, for whoever adds the cuts: to = sums of (x - mean)² over `rows`, at most
   * `longestSum`. `to` is where that of the first of the `features` goes.
   */
  centredSquares(x: Matrix, mean: Vector, rows: Range, features: Range, to: number): void;
  /** to = sums of dy (x - mean) over `rows`, at most `longestSum`. */
  centredProducts(x: Matrix, dy: Matrix, mean: Vector, rows: Range, features: Range, to: number): void;
  /** means = totals / numbers, for these features. `totals` is where that of the first of them lies. */
  divideTotals(totals: number, features: Range, numbers: number, means: Vector): void;
  /** dgamma = totals / sqrt(variance + epsilon), for these features. */
  scaleTotals(totals: number, by: Normalization, features: Range, dgamma: Vector): void;
  /**
   * dx = gamma / sqrt(variance + epsilon) (dy - dbeta / batch - xhat dgamma / batch). dx may be dy. `batch`
   * is how many numbers of a feature dbeta adds up: rows times places.
   */
  normalizeBackward(
    x: Matrix,
    dy: Matrix,
    by: Normalization,
    gamma: Vector,
    dgamma: Vector,
    dbeta: Vector,
    dx: Matrix,
    rows: Range,
    batch: number,
  ): void;
}
