/** The order of trials, best first. */
import { compare, type Objective } from './objective.ts';
import type { Status, TrialResult } from './trial.ts';

const order: Record<Status, number> = { finished: 0, stopped: 1, failed: 2 };

/**
 * Finished trials by their values, then trials that were stopped early, the longest first, then failed ones.
 * If two are equal, the one with the smaller number comes first.
 */
export function ranked(objective: Objective, results: readonly TrialResult[]): TrialResult[] {
  return [...results].sort(
    (a, b) =>
      order[a.status] - order[b.status] ||
      (a.status === 'stopped' ? b.epochs - a.epochs : 0) ||
      compare(objective, a.value, b.value) ||
      a.number - b.number,
  );
}

/** The best of the finished trials. */
export function winnerOf(objective: Objective, results: readonly TrialResult[]): TrialResult | undefined {
  const [first] = ranked(objective, results);
  return first?.status === 'finished' ? first : undefined;
}
