/**
 * The importance of each parameter: its correlation with a trial's place in the ranking. Parameters are
 * judged one at a time, so the joint effect of two of them is not seen.
 */
import type { Objective } from './objective.ts';
import { ranked } from './ranking.ts';
import { type Dimension, sizeOf } from './space.ts';
import type { TrialResult } from './trial.ts';

export interface Importance {
  path: string;
  /**
   * - `rank correlation`: Spearman's, between the numbers and the places; above 0 if larger numbers did
   *   better;
   * - `correlation ratio`: for a choice, the root of the share of the places' variance that lies between its
   *   values.
   */
  measure: 'rank correlation' | 'correlation ratio';
  /** From -1 to 1, or from 0 to 1. */
  value: number;
}

/**
 * The varied parameters, the most important first. Undefined with fewer than three trials to compare.
 */
export function importanceOf(
  dimensions: readonly Dimension[],
  objective: Objective,
  results: readonly TrialResult[],
): Importance[] | undefined {
  const order = ranked(objective, results).filter(({ status }) => status !== 'failed');
  if (order.length < 3) return undefined;
  // The best has the highest score.
  const scores = order.map((_, i) => order.length - i);
  return dimensions
    .filter((dimension) => sizeOf(dimension) > 1)
    .map((dimension): Importance => {
      const { path } = dimension;
      const values = order.map(({ parameters }) => parameters[path]);
      const numbers = values.every((value) => typeof value === 'number');
      return numbers
        ? { path, measure: 'rank correlation', value: correlation(ranksOf(values as number[]), scores) }
        : { path, measure: 'correlation ratio', value: correlationRatio(values, scores) };
    })
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
}

/** Ranks from 1; equal numbers share the mean of their ranks. */
export function ranksOf(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}

/** Pearson's correlation, or 0 if one side does not vary. */
function correlation(x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  let together = 0;
  let ofX = 0;
  let ofY = 0;
  for (const [i, value] of x.entries()) {
    together += (value - meanX) * (y[i]! - meanY);
    ofX += (value - meanX) * (value - meanX);
    ofY += (y[i]! - meanY) * (y[i]! - meanY);
  }
  return ofX === 0 || ofY === 0 ? 0 : together / Math.sqrt(ofX * ofY);
}

/** The root of the variance between groups divided by the whole variance. */
function correlationRatio(groups: readonly unknown[], scores: readonly number[]): number {
  const members = new Map<string, number[]>();
  for (const [i, group] of groups.entries()) {
    const name = JSON.stringify(group);
    members.set(name, [...(members.get(name) ?? []), scores[i]!]);
  }
  const middle = mean(scores);
  const spread = (of: number[]) => of.length * (mean(of) - middle) * (mean(of) - middle);
  const between = [...members.values()].reduce((sum, of) => sum + spread(of), 0);
  const all = scores.reduce((sum, score) => sum + (score - middle) * (score - middle), 0);
  return all === 0 ? 0 : Math.sqrt(between / all);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
