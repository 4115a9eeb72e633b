/** Which evaluation of a training was best, and when a training gets no better. */
import { improvements, type Metrics } from '../contracts/figures.ts';
import type { EarlyStopping } from '../experiment/experiment.ts';

/** How a training stands: a pure function of the figures of its evaluations so far. */
export interface Standing {
  /** Index of the best evaluation; undefined before the first. */
  best: number | undefined;
  /** The last evaluation is the best. */
  improved: boolean;
  /** The training should end. */
  ended: boolean;
}

/** Without early stopping the best accuracy is kept, and the training never ended. */
const keepTheBest: EarlyStopping = { metric: 'accuracy', patience: Number.POSITIVE_INFINITY, minDelta: 0 };

export function standingOf(history: readonly Metrics[], rule: EarlyStopping = keepTheBest): Standing {
  const best = improvements(history, rule.metric, { absolute: rule.minDelta }).lastIndexOf(true);
  if (best < 0) return { best: undefined, improved: false, ended: false };
  const waited = history.length - 1 - best;
  return { best, improved: waited === 0, ended: waited >= rule.patience };
}
