/** Which evaluation of a training was best, and when a training gets no better. */
import { type Figures, figureNamed, improvements, type TaskFigures } from '../contracts/figures.ts';
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

/** The name of the figure by which the best weights are kept. */
export function watchedBy(table: TaskFigures, rule: EarlyStopping | undefined): string {
  return rule?.metric ?? table.kept;
}

/** Without early stopping the task's own figure decides what is best, and the training never ended. */
export function standingOf(
  history: readonly Figures[],
  table: TaskFigures,
  rule: EarlyStopping | undefined,
): Standing {
  const watched = figureNamed(table, watchedBy(table, rule))!;
  const best = improvements(history, watched, { absolute: rule?.minDelta ?? 0 }).lastIndexOf(true);
  if (best < 0) return { best: undefined, improved: false, ended: false };
  const waited = history.length - 1 - best;
  return { best, improved: waited === 0, ended: rule !== undefined && waited >= rule.patience };
}
