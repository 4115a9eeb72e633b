/** How well probabilities rank: the area under the ROC curve, log loss, and the rank of a class. */
import { log } from './exact.ts';

/**
 * The area under the ROC curve: how likely a positive sample has a higher score than a negative one, where
 * equal scores count half (as with average ranks). Undefined unless there are samples of both kinds.
 *
 * @param scores one for each sample
 * @param positive whether the sample of this index is one
 */
export function rocAuc(scores: ArrayLike<number>, positive: (sample: number) => boolean): number | undefined {
  const [hits, others]: [number[], number[]] = [[], []];
  for (let i = 0; i < scores.length; i++) (positive(i) ? hits : others).push(scores[i]!);
  if (hits.length === 0 || others.length === 0) return undefined;
  const [above, below] = [Float64Array.from(hits).sort(), Float64Array.from(others).sort()];
  let [less, upTo, twice] = [0, 0, 0];
  for (const score of above) {
    while (less < below.length && below[less]! < score) less++;
    while (upTo < below.length && below[upTo]! <= score) upTo++;
    twice += less + upTo;
  }
  // A count of pairs, which is exact.
  return twice / 2 / (above.length * below.length);
}

/** No probability counts as less than this, or as nearer to 1: the log loss stays finite. */
export const leastProbability = 2 ** -52;

/** -log of the probability of what happened, which is kept off 0 and 1 as scikit-learn does. */
export function logLossOf(probability: number): number {
  return -log(Math.min(1 - leastProbability, Math.max(leastProbability, probability)));
}

/** How many classes come before this one, by probability. Of equal ones, the first comes first. */
export function rankOf(probabilities: ArrayLike<number>, actual: number): number {
  const own = probabilities[actual]!;
  let rank = 0;
  for (let c = 0; c < probabilities.length; c++) {
    if (probabilities[c]! > own || (probabilities[c] === own && c < actual)) rank++;
  }
  return rank;
}
