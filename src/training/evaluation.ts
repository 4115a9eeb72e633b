/** An evaluation: the figures of a set of samples, under their names. */
import type { EvaluationDetails, Figures, Tally } from '../contracts/figures.ts';
import type { classes } from '../figures/classes.ts';
import type { flags } from '../figures/flags.ts';
import type { values } from '../figures/values.ts';

/** The name of a figure of any task. */
export type FigureName = (typeof classes | typeof values | typeof flags)['figures'][number]['name'];

/**
 * Figures by name: the loss, and those of the task. Classes: accuracy, precision, recall, f1, and the
 * confusion matrix. Values: rmse, mae, r2. Flags: accuracy, precision, recall, f1, micro_precision,
 * micro_recall, micro_f1. Values and flags: the figures of each column.
 */
export type Evaluation = { readonly loss: number } & {
  readonly [name in FigureName]?: number;
} & EvaluationDetails;

export function evaluationOf(tally: Tally): Evaluation {
  const { figures, details } = tally.evaluation();
  return { ...figures, ...details };
}

/** The figures of an evaluation without its details: a long history should not hold a matrix for each. */
export function figuresOf(evaluation: Evaluation | Figures): Figures {
  const numbers = Object.entries(evaluation).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(numbers) as Figures;
}
