/**
 * Figures of merit from a confusion matrix. Its counts are integers, so they are exact in any order.
 *
 * If a quotient would be 0 / 0, because a class never occurs or is never predicted, it is 0, as with
 * scikit-learn's `zero_division=0`.
 */

import type { Metrics } from '../contracts/figures.ts';
import { checkObject, checkWhole, wrongValue } from '../foundation/check.ts';

/** counts[actual * classes + predicted] */
export interface Confusion {
  classes: number;
  counts: Uint32Array;
}

export interface ClassMetrics {
  /** Share of the samples predicted as this class that are of this class. */
  precision: number;
  /** Share of the samples of this class that are predicted as this class. */
  recall: number;
  /** Harmonic mean of precision and recall. */
  f1: number;
  /** Samples of this class. */
  support: number;
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

/** Starts counting. Losses are added in the order of the calls. */
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
export function classMetrics(confusion: Confusion): ClassMetrics[] {
  const { classes, counts } = checkConfusion(confusion);
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
    // 2 hits / (support + predicted) is the same harmonic mean, rounded only once.
    return { precision, recall, f1: ratio(2 * hits, support + predicted), support };
  });
}

/** @throws TypeError or RangeError if the counts are not those of so many classes */
function checkConfusion(confusion: Confusion): Confusion {
  const { classes, counts } = checkObject('confusion', confusion, 'a confusion matrix: { classes, counts }');
  checkWhole('confusion.classes', classes, 1, 65_536);
  const cells = (classes as number) * (classes as number);
  const { length } = (counts ?? []) as { length?: number };
  if (length !== cells) throw wrongValue('confusion.counts', `${cells} counts, a row for each class`, length);
  return confusion;
}

/** Number of samples, and how many of them were predicted right. */
export function countsOf({ classes, counts }: Confusion): { right: number; samples: number } {
  let right = 0;
  let samples = 0;
  for (let i = 0; i < counts.length; i++) samples += counts[i]!;
  for (let c = 0; c < classes; c++) right += counts[c * classes + c]!;
  return { right, samples };
}

/** Figures of the whole set. `lossSum` is the sum of the samples' losses. */
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

/** The figures of an evaluation without its confusion matrix: a long history should not hold one for each. */
export function figuresOf({ loss, accuracy, precision, recall, f1 }: Metrics): Metrics {
  return { loss, accuracy, precision, recall, f1 };
}
