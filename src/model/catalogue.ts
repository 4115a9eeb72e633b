/**
 * Finds the things of each family by name: a file in a family's folder is a kind, and its name is the
 * kind's. Adding a layer means adding one file; the build lists the files (scripts/catalogue.mjs).
 */
import type { AugmentationKind } from '../contracts/augmentation.ts';
import type { Family } from '../contracts/fields.ts';
import type { FigureText, OwnFigure, TaskFigures } from '../contracts/figures.ts';
import type { InitializerKind } from '../contracts/initializer.ts';
import type { LayerKind } from '../contracts/layer.ts';
import type { LossKind } from '../contracts/loss.ts';
import type { OptimizerKind } from '../contracts/optimizer.ts';
import type { ScheduleKind } from '../contracts/schedule.ts';
import type { Task } from '../contracts/task.ts';
import {
  augmentations,
  figures,
  initializers,
  layers,
  losses,
  optimizers,
  schedules,
} from './catalogue.generated.ts';

export interface Catalogue {
  layer: ReadonlyMap<string, LayerKind>;
  loss: ReadonlyMap<string, LossKind>;
  optimizer: ReadonlyMap<string, OptimizerKind>;
  schedule: ReadonlyMap<string, ScheduleKind>;
  initializer: ReadonlyMap<string, InitializerKind>;
  augmentation: ReadonlyMap<string, AugmentationKind>;
}

/** The figures of each task, by its name. */
export const taskFigures: ReadonlyMap<string, TaskFigures> = byName<TaskFigures>(figures);

/** The table of figures of a task. */
export function figuresFor(task: Task): TaskFigures {
  return taskFigures.get(task)!;
}

/** The names of all figures of all tasks, the loss among them. */
export function figureNames(): string[] {
  const all = [...taskFigures.values()].flatMap(({ figures }) => figures.map(({ name }) => name));
  return [...new Set(['loss', ...all])];
}

/** A kind of any family. */
export type AnyKind = Catalogue[Family] extends ReadonlyMap<string, infer K> ? K : never;

/** Adds a kind that a program brings; see experiment/register.ts. */
export function addKind(of: Family, kind: AnyKind): void {
  (catalogue[of] as Map<string, AnyKind>).set(kind.kind, kind);
}

/** Adds a figure to the table of its task. */
export function addFigure({ task, ...figure }: OwnFigure): void {
  (figuresFor(task).figures as FigureText[]).push(figure);
}

/** Kinds by name, in alphabetical order. */
function byName<K extends { kind: string }>(kinds: readonly K[]): ReadonlyMap<string, K> {
  return new Map(kinds.map((kind) => [kind.kind, kind]));
}

/** All kinds that an experiment can name. */
export const catalogue: Catalogue = {
  layer: byName(layers),
  loss: byName(losses),
  optimizer: byName(optimizers),
  schedule: byName(schedules),
  initializer: byName(initializers),
  augmentation: byName(augmentations),
};
