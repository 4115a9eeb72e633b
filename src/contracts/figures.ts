/** The figures that can steer a training, and the rule for which of two is better. */

/** Figures of a set of samples. Precision, recall and F1 are macro averages: plain means over the classes. */
export interface Metrics {
  /** Mean over the samples. */
  loss: number;
  accuracy: number;
  precision: number;
  recall: number;
  f1: number;
}

/** Figures of an evaluation. Higher is better, except for the loss. */
export const watchedMetrics = ['loss', 'accuracy', 'precision', 'recall', 'f1'] as const;
export type WatchedMetric = (typeof watchedMetrics)[number];

/** The margin by which a figure must beat the best one: absolute, or relative to the best. */
export interface Margin {
  absolute?: number;
  relative?: number;
}

/** For each evaluation, whether its figure beat the best of all before it. The first always does. */
export function improvements(
  history: readonly Metrics[],
  metric: WatchedMetric,
  { absolute = 0, relative = 0 }: Margin = {},
): boolean[] {
  const sign = metric === 'loss' ? -1 : 1;
  let best: number | undefined;
  return history.map(({ [metric]: value }) => {
    const better = best === undefined || sign * (value - best) > absolute + relative * Math.abs(best);
    if (better) best = value;
    return better;
  });
}
