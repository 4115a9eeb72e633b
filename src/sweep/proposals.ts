/** The points of a sweep's trials by number, for any method. No point comes twice. */
import { bayesPoint } from './bayes.ts';
import { gridPoint } from './grid.ts';
import { randomPoint } from './random.ts';
import { ranked } from './ranking.ts';
import type { Sweep } from './read.ts';
import { type Parameters, sizeOf } from './space.ts';
import type { TrialResult } from './trial.ts';

export interface Proposals {
  /**
   * The point of the next trial, or undefined if none is left. `results` are the trials of all earlier
   * batches, `pending` the points of this batch so far.
   */
  next(results: readonly TrialResult[], pending: readonly Parameters[]): Parameters | undefined;
}

/** After this many draws for a trial without a new point, the space counts as used up. */
const patience = 1000;

export function createProposals(sweep: Sweep): Proposals {
  const { method, objective, dimensions, seed, size, runCap = Number.POSITIVE_INFINITY } = sweep;
  const most = Math.min(size, runCap);
  let number = 0;
  if (method === 'grid') {
    return { next: () => (number < most ? gridPoint(dimensions, ++number) : undefined) };
  }

  const points = dimensions.reduce((product, dimension) => product * sizeOf(dimension), 1);
  const taken = new Set<string>();
  return {
    next(results, pending) {
      if (number >= most || taken.size >= points) return undefined;
      number++;
      const known = { ranked: ranked(objective, results).map(({ parameters }) => parameters), pending };
      for (let attempt = 0; attempt < patience; attempt++) {
        const point =
          method === 'bayes'
            ? bayesPoint(dimensions, seed, number, attempt, known)
            : randomPoint(dimensions, seed, number, attempt);
        const text = JSON.stringify(point);
        if (taken.has(text)) continue;
        taken.add(text);
        return point;
      }
      return undefined;
    },
  };
}
