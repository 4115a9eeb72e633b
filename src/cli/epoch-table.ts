/** One aligned line each time that figures are taken: after an epoch, or after some steps. */
import type { Task } from '../contracts/task.ts';
import { figuresFor } from '../model/catalogue.ts';
import { figureCalled, figureText, lossText } from '../model/figure-text.ts';
import { figuresOf } from '../training/evaluation.ts';
import type { EpochEvent } from '../training/events.ts';
import { compact, duration, grouped, shortEpoch } from './format.ts';

/** Widths of the columns, chosen so that a line fits 80 columns. */
const widths = [7, 8, 9, 9, 9, 9, 9, 10] as const;

function aligned(cells: readonly string[]): string {
  return cells.map((cell, i) => cell.padStart(widths[i]!)).join(' ');
}

/**
 * The figures that a line has room for: that of the minibatches, the same of the validation, and the last.
 */
function shownOf(task: Task): [trained: string, other: string] {
  const { figures, minibatches } = figuresFor(task);
  const others = figures.filter(({ name }) => name !== minibatches.figure);
  const last = others.find(({ name }) => name === 'f1') ?? others.at(-1)!;
  return [minibatches.figure, last.name];
}

export function epochHeading(bySteps: boolean, task: Task): string {
  const [trained, other] = shownOf(task).map((name) => figureCalled(name).title) as [string, string];
  const first = bySteps ? 'step' : 'epoch';
  return aligned([first, 'loss', trained, 'val loss', trained, other, 'time', 'samples/s']);
}

/** A line of the table. `epochs` of the whole training; undefined if figures are taken by steps. */
export function epochLine(
  { epoch, step, train, validation, seconds, samplesPerSecond }: EpochEvent,
  epochs: number | undefined,
  task: Task,
): string {
  const [trained, other] = shownOf(task);
  const figures = validation && figuresOf(validation);
  const text = (name: string) => (figures ? figureText(name, figures[name]!) : '-');
  return aligned([
    epochs === undefined ? grouped(step) : `${shortEpoch(epoch)}/${epochs}`,
    lossText(train.loss),
    figureText(trained, train[trained]!),
    text('loss'),
    text(trained),
    text(other),
    duration(seconds),
    compact(samplesPerSecond),
  ]);
}
