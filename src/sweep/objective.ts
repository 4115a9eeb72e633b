/** The objective of a sweep: a validation figure that it minimises or maximises. */
import { type Figures, figureNamed } from '../contracts/figures.ts';
import type { Task } from '../contracts/task.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { tasksOf } from '../experiment/task-of.ts';
import { LockstepError } from '../foundation/errors.ts';
import { figureNames, figuresFor } from '../model/catalogue.ts';
import { figureCalled } from '../model/figure-text.ts';
import { type Evaluation, figuresOf } from '../training/evaluation.ts';

/** The possible objectives, by their names in metrics.csv: the figures of all tasks. */
export const objectives = (): string[] => figureNames().map((name) => `val_${name}`);

export interface Objective {
  /** `val_f1` */
  name: string;
  goal: 'minimize' | 'maximize';
  /** When a trial is at least as good as this, the sweep begins no further batch. */
  target?: number;
}

export function isObjective(name: string): boolean {
  return objectives().includes(name);
}

/** The name of the figure: `f1` for `val_f1`. */
export function figureName({ name }: Pick<Objective, 'name'>): string {
  return name.slice('val_'.length);
}

/** What is better of an objective if the sweep does not say it. */
export function usualGoal(name: string): Objective['goal'] {
  return figureCalled(figureName({ name })).better === 'less' ? 'minimize' : 'maximize';
}

/** The objective of a sweep that names none: what the task keeps its best weights by. */
export function usualMetric(experiment: Experiment | undefined): Pick<Objective, 'name' | 'goal'> {
  const name = `val_${figuresFor(experiment ? likelyTask(experiment) : 'classes').kept}`;
  return { name, goal: usualGoal(name) };
}

/** The task as the loss says it; if the loss is for several, as the last layer does. */
function likelyTask(experiment: Experiment): Task {
  const tasks = tasksOf(experiment);
  const other =
    experiment.model.at(-1)?.units === 'targets' ? tasks.find((task) => task !== 'classes') : tasks[0];
  return other ?? tasks[0]!;
}

/** @throws LockstepError `usage` if the data's task has no such figure */
export function checkObjective({ name }: Pick<Objective, 'name'>, task: Task): void {
  const table = figuresFor(task);
  if (figureNamed(table, figureName({ name }))) return;
  const known = ['loss', ...table.figures.map((figure) => figure.name)].map((figure) => `val_${figure}`);
  const usual = `val_${table.kept}`;
  throw new LockstepError('usage', {
    where: 'sweep.metric.name',
    expected: `one of ${known.join(', ')}, because the data has ${task} to predict`,
    got: name,
    hint: `write \`metric: { name: ${usual}, goal: ${usualGoal(usual)} }\``,
  });
}

/** The objective's value in an evaluation of the validation samples. NaN if the task has no such figure. */
export function figureOf(objective: Objective, evaluation: Figures | Evaluation): number {
  return figuresOf(evaluation)[figureName(objective)] ?? Number.NaN;
}

/** Orders values from best to worst. NaN comes last. */
export function compare({ goal }: Objective, a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return goal === 'maximize' ? b - a : a - b;
}

export function reaches(objective: Objective, value: number): boolean {
  return objective.target !== undefined && compare(objective, value, objective.target) <= 0;
}
