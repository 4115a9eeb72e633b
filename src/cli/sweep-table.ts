/** One aligned line for each trial of a sweep. */

import { figureText, shortNames, shortValue, spreadText } from '../sweep/figure-text.ts';
import type { Objective } from '../sweep/objective.ts';
import type { Sweep } from '../sweep/read.ts';
import { type Dimension, sizeOf } from '../sweep/space.ts';
import type { Status, TrialResult } from '../sweep/trial.ts';
import { clip, out } from './console.ts';

export interface Cells {
  trial: string;
  status: string;
  epochs: string;
  value: string;
  best: string;
  parameters: readonly string[];
}

export interface SweepTable {
  heading: string;
  line(cells: Cells): string;
}

/**
 * A table with a column for each parameter that varies, as wide as its name and values. If the terminal is
 * too narrow, names are cut before values, and the heading counts the columns that were left out.
 */
export function sweepTable({ dimensions, objective, seeds }: Sweep): SweepTable {
  const varied = variedOf(dimensions);
  const names = shortNames(varied.map(({ path }) => path));
  const value = seeds > 1 ? 18 : 9;
  const room = (out.live ? out.columns() : Number.POSITIVE_INFINITY) - fixedWidth - value;
  const widths = parameterWidths(names, varied.map(widthOf), room);
  const left = varied.length - widths.length;
  const line = ({ trial, status, epochs, value: figure, best, parameters }: Cells, end = '') =>
    [
      trial.padStart(5),
      status.padEnd(8),
      epochs.padStart(7),
      figure.padStart(value),
      best.padStart(9),
      ...widths.map((width, i) => clipped(parameters[i] ?? '', width).padStart(width)),
    ].join('  ') + end;
  const heading = line(
    {
      trial: 'trial',
      status: 'status',
      epochs: 'epochs',
      value: objective.name.replace('val_', 'val ').replace('accuracy', 'acc'),
      best: 'best',
      parameters: names,
    },
    left > 0 ? `  +${left} more` : '',
  );
  return { heading, line };
}

/** Widths of trial, status, epochs and best, with two blanks after each column but the last. */
const fixedWidth = 5 + 2 + 8 + 2 + 7 + 2 + 2 + 9;
/** Width of `+12 more`. */
const moreWidth = 10;

/** Widths of the columns that there is room for. */
function parameterWidths(names: readonly string[], values: readonly number[], room: number): number[] {
  const total = (widths: readonly number[]) => widths.reduce((sum, width) => sum + 2 + width, 0);
  const whole = values.map((width, i) => Math.min(24, Math.max(names[i]!.length, width)));
  if (total(whole) <= room) return whole;
  const narrow = values.map((width, i) => Math.min(24, Math.max(Math.min(names[i]!.length, 6), width)));
  while (narrow.length > 0 && total(narrow) > room - (narrow.length < values.length ? moreWidth : 0)) {
    narrow.pop();
  }
  return narrow;
}

/** Parameters that have more than one value. */
export function variedOf(dimensions: readonly Dimension[]): Dimension[] {
  return dimensions.filter((dimension) => sizeOf(dimension) > 1);
}

/** The value of a trial, with its standard deviation over several seeds. */
export function valueText(objective: Objective, result: TrialResult): string {
  const single = result.lines.length === 1 || Number.isNaN(result.value);
  return single ? figureText(objective, result.value) : spreadText(objective, result);
}

function widthOf(dimension: Dimension): number {
  if (dimension.kind === 'choice')
    return Math.max(...dimension.values.map((value) => shortValue(value).length));
  if (dimension.kind === 'interval' && dimension.quantum !== undefined)
    return shortValue(dimension.max).length;
  return 9;
}

function clipped(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** The statuses in words. */
export const statusWords: Record<Status, string> = {
  finished: 'finished',
  stopped: 'stopped',
  failed: 'FAILED',
};

/** A row cut to the width of the terminal, or in full if a program reads it. */
export function fitted(row: string): string {
  return out.live ? clip(row, out.columns() + 1) : row;
}
