/** Figures that a training can be steered by, and what counts as better. */
import type { Metrics } from '../figures/confusion.ts';

/** Figures of an evaluation; of all but the loss, more is better. */
export const watchedMetrics = ['loss', 'accuracy', 'precision', 'recall', 'f1'] as const;
export type WatchedMetric = (typeof watchedMetrics)[number];

/** A margin by which a figure must beat the best one: absolute, or a share of the best. */
export interface Margin {
  absolute?: number;
  relative?: number;
}

/** Remembers the best value of a figure. */
export function watchBest(metric: WatchedMetric, { absolute = 0, relative = 0 }: Margin = {}) {
  let best: number | undefined;
  return (figures: Metrics): boolean => {
    const value = figures[metric];
    const sign = metric === 'loss' ? -1 : 1;
    const better = best === undefined || sign * (value - best) > absolute + relative * Math.abs(best);
    if (better) best = value;
    return better;
  };
}
