/**
 * Figures of merit from a confusion matrix. Counts are integers, so they are exact in any order.
 *
 * Where a quotient would be 0 / 0 (a class that never occurs, or is never predicted) it is 0, as in
 * scikit-learn's `zero_division=0`.
 */

/** counts[actual * classes + predicted] */
export interface Confusion {
  classes: number;
  counts: Uint32Array;
}

export interface ClassMetrics {
  /** Of the samples predicted to be of this class, the share that is. */
  precision: number;
  /** Of the samples of this class, the share that was predicted. */
  recall: number;
  /** Harmonic mean of the two. */
  f1: number;
  /** Samples of this class. */
  support: number;
}

/** Figures of one set of samples. Precision, recall and F1 are macro averages: plain means over the classes. */
export interface Metrics {
  /** Mean over the samples. */
  loss: number;
  accuracy: number;
  precision: number;
  recall: number;
  f1: number;
}

export interface Evaluation extends Metrics {
  confusion: Confusion;
}

export function emptyConfusion(classes: number): Confusion {
  return { classes, counts: new Uint32Array(classes * classes) };
}

/** Counts the samples of an evaluation, one after the other. */
export interface EvaluationTally {
  add(actual: number, predicted: number, loss: number): void;
  /** The figures of all samples so far. */
  figures(): Evaluation;
}

/** Starts counting. Losses are added in the order in which they come. */
export function startTally(classes: number): EvaluationTally {
  const confusion = emptyConfusion(classes);
  let lossSum = 0;
  return {
    add(actual, predicted, loss) {
      confusion.counts[actual * classes + predicted]!++;
      lossSum += loss;
    },
    figures: () => evaluate(confusion, lossSum),
  };
}

/** Figures of each class. */
export function classMetrics({ classes, counts }: Confusion): ClassMetrics[] {
  return Array.from({ length: classes }, (_, c) => {
    let support = 0;
    let predicted = 0;
    for (let other = 0; other < classes; other++) {
      support += counts[c * classes + other]!;
      predicted += counts[other * classes + c]!;
    }
    const hits = counts[c * classes + c]!;
    const precision = ratio(hits, predicted);
    const recall = ratio(hits, support);
    // 2 hits / (support + predicted) is the harmonic mean without a second rounding.
    return { precision, recall, f1: ratio(2 * hits, support + predicted), support };
  });
}

/** Samples in all, and how many of them were predicted right. */
export function countsOf({ classes, counts }: Confusion): { right: number; samples: number } {
  let right = 0;
  let samples = 0;
  for (let i = 0; i < counts.length; i++) samples += counts[i]!;
  for (let c = 0; c < classes; c++) right += counts[c * classes + c]!;
  return { right, samples };
}

/** Figures of the whole set; `lossSum` is the sum of the samples' losses. */
export function evaluate(confusion: Confusion, lossSum: number): Evaluation {
  const { right, samples } = countsOf(confusion);
  const each = classMetrics(confusion);
  const mean = (figure: (metrics: ClassMetrics) => number) =>
    each.reduce((sum, metrics) => sum + figure(metrics), 0) / each.length;
  return {
    loss: ratio(lossSum, samples),
    accuracy: ratio(right, samples),
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    f1: mean(({ f1 }) => f1),
    confusion,
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Mean and standard deviation (of the sample, with n - 1; 0 for a single value). */
export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}
