/** The objective of a sweep: a validation figure that it minimises or maximises. */
import type { Metrics } from '../contracts/figures.ts';

/** The possible objectives, by their names in metrics.csv. Higher is better, except for the loss. */
export const objectives = ['val_loss', 'val_accuracy', 'val_precision', 'val_recall', 'val_f1'] as const;
export type ObjectiveName = (typeof objectives)[number];

export interface Objective {
  name: ObjectiveName;
  goal: 'minimize' | 'maximize';
  /** When a trial is at least as good as this, the sweep begins no further batch. */
  target?: number;
}

export function isObjective(name: string): name is ObjectiveName {
  return (objectives as readonly string[]).includes(name);
}

/** The goal by which better figures win. */
export function usualGoal(name: ObjectiveName): Objective['goal'] {
  return name === 'val_loss' ? 'minimize' : 'maximize';
}

/** The objective's value in an evaluation of the validation images. */
export function figureOf(objective: Objective, figures: Metrics): number {
  return figures[objective.name.slice('val_'.length) as keyof Metrics];
}

/** Orders values from best to worst. NaN comes last. */
export function compare({ goal }: Objective, a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return goal === 'maximize' ? b - a : a - b;
}

export function reaches(objective: Objective, value: number): boolean {
  return objective.target !== undefined && compare(objective, value, objective.target) <= 0;
}
