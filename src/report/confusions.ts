/** The confused pairs of classes, the most frequent first. */
import type { Confusion } from '../figures/confusion.ts';

export interface ConfusedPair {
  actual: number;
  predicted: number;
  count: number;
  /** Of all samples of the actual class. */
  share: number;
}

/** All cells off the diagonal that are not 0. Equal counts keep the order of the matrix. */
export function confusionsOf({ classes, counts }: Confusion): ConfusedPair[] {
  const pairs: ConfusedPair[] = [];
  for (let actual = 0; actual < classes; actual++) {
    const row = counts.subarray(actual * classes, (actual + 1) * classes);
    const support = row.reduce((sum, count) => sum + count, 0);
    for (const [predicted, count] of row.entries()) {
      if (predicted !== actual && count > 0) pairs.push({ actual, predicted, count, share: count / support });
    }
  }
  return pairs.sort((a, b) => b.count - a.count);
}
