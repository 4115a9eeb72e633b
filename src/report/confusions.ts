/** The confused pairs of classes, the most frequent first. */
import { type Confusion, type ConfusedPair as Pair, pairsOf } from '../foundation/confusion.ts';

export interface ConfusedPair extends Pair {
  /** Of all samples of the actual class. */
  share: number;
}

/** All cells off the diagonal that are not 0. Equal counts keep the order of the matrix. */
export function confusionsOf(confusion: Confusion): ConfusedPair[] {
  const pairs = pairsOf(confusion);
  const support = new Map<number, number>();
  for (const { actual, count } of pairs) support.set(actual, (support.get(actual) ?? 0) + count);
  return pairs
    .filter(({ actual, predicted }) => actual !== predicted)
    .map((pair) => ({ ...pair, share: pair.count / support.get(pair.actual)! }))
    .sort((a, b) => b.count - a.count);
}
