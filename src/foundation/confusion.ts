/**
 * A confusion matrix: how often samples of each class were taken for each class. Its counts are integers, so
 * they are exact in any order.
 *
 * If a quotient would be 0 / 0, because a class never occurs or is never predicted, it is 0, as with
 * scikit-learn's `zero_division=0`.
 */

import { checkObject, checkWhole, wrongKind, wrongValue } from './check.ts';
import { limits } from './limits.ts';

/** The most classes of a matrix whose counts are all stored; of more, only those that are not 0. */
export const mostDenseClasses = 256;
/** The most classes. */
export const mostClasses: number = limits.classes;

export interface Confusion {
  classes: number;
  /** Of up to 256 classes: counts[actual * classes + predicted]. */
  counts?: Uint32Array;
  /** Of more: the counts that are not 0, by actual * classes + predicted. */
  pairs?: ReadonlyMap<number, number>;
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
  /** Samples predicted as this class. */
  predicted: number;
}

/** Counts pairs of classes, one after the other. */
export interface ConfusionCounter {
  add(actual: number, predicted: number): void;
  confusion: Confusion;
}

export function countConfusion(classes: number): ConfusionCounter {
  if (classes <= mostDenseClasses) {
    const counts = new Uint32Array(classes * classes);
    return {
      confusion: { classes, counts },
      add(actual, predicted) {
        counts[actual * classes + predicted]!++;
      },
    };
  }
  const pairs = new Map<number, number>();
  return {
    confusion: { classes, pairs },
    add(actual, predicted) {
      const key = actual * classes + predicted;
      pairs.set(key, (pairs.get(key) ?? 0) + 1);
    },
  };
}

/** The count of one pair. */
export function countOf({ classes, counts, pairs }: Confusion, actual: number, predicted: number): number {
  const key = actual * classes + predicted;
  return counts ? counts[key]! : (pairs!.get(key) ?? 0);
}

/** One cell that is not 0. */
export interface ConfusedPair {
  actual: number;
  predicted: number;
  count: number;
}

/** All pairs that occur, by actual class, then by predicted class. */
export function pairsOf({ classes, counts, pairs }: Confusion): ConfusedPair[] {
  const cells = counts
    ? Array.from(counts, (count, key) => [key, count] as const).filter(([, count]) => count > 0)
    : [...pairs!].sort(([a], [b]) => a - b);
  return cells.map(([key, count]) => ({
    actual: Math.floor(key / classes),
    predicted: key % classes,
    count,
  }));
}

/** Figures of each class. */
export function classMetrics(confusion: Confusion): ClassMetrics[] {
  const { classes } = checkConfusion(confusion);
  const [hits, support, predicted] = [0, 1, 2].map(() => new Float64Array(classes)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (const pair of pairsOf(confusion)) {
    support[pair.actual]! += pair.count;
    predicted[pair.predicted]! += pair.count;
    if (pair.actual === pair.predicted) hits[pair.actual] = pair.count;
  }
  return Array.from({ length: classes }, (_, c) => ({
    precision: ratio(hits[c]!, predicted[c]!),
    recall: ratio(hits[c]!, support[c]!),
    // 2 hits / (support + predicted) is the harmonic mean of the two, rounded only once.
    f1: ratio(2 * hits[c]!, support[c]! + predicted[c]!),
    support: support[c]!,
    predicted: predicted[c]!,
  }));
}

/** @throws TypeError or RangeError if the counts are not those of so many classes */
function checkConfusion(confusion: Confusion): Confusion {
  const { classes, counts, pairs } = checkObject(
    'confusion',
    confusion,
    'a confusion matrix: { classes, counts }',
  );
  checkWhole('confusion.classes', classes, 1, mostClasses);
  if (pairs !== undefined) {
    if (!(pairs instanceof Map)) throw wrongKind('confusion.pairs', 'a Map', pairs);
    return confusion;
  }
  const cells = (classes as number) * (classes as number);
  const { length } = (counts ?? []) as { length?: number };
  if (length !== cells) throw wrongValue('confusion.counts', `${cells} counts, a row for each class`, length);
  return confusion;
}

/** Number of samples, and how many of them were predicted right. */
export function countsOf(confusion: Confusion): { right: number; samples: number } {
  let right = 0;
  let samples = 0;
  for (const { actual, predicted, count } of pairsOf(confusion)) {
    samples += count;
    if (actual === predicted) right += count;
  }
  return { right, samples };
}

/** part / whole, or 0 if there is no whole. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
