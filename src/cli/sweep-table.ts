/** One aligned line for each trial of a sweep. */
import type { Objective } from '../sweep/objective.ts';
import type { Sweep } from '../sweep/read.ts';
import { type Dimension, sizeOf } from '../sweep/space.ts';
import type { Status, TrialResult } from '../sweep/trial.ts';
import { percent } from './format.ts';

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

/** A table with a column for each parameter that varies, as wide as its name and its values need. */
export function sweepTable({ dimensions, objective, seeds }: Sweep): SweepTable {
  const varied = variedOf(dimensions);
  const names = shortNames(varied.map(({ path }) => path));
  const widths = varied.map((dimension, i) => Math.min(24, Math.max(names[i]!.length, widthOf(dimension))));
  const value = seeds > 1 ? 18 : 9;
  const line = ({ trial, status, epochs, value: figure, best, parameters }: Cells) =>
    [
      trial.padStart(5),
      status.padEnd(8),
      epochs.padStart(7),
      figure.padStart(value),
      best.padStart(9),
      ...parameters.map((text, i) => clipped(text, widths[i]!).padStart(widths[i]!)),
    ].join('  ');
  const heading = line({
    trial: 'trial',
    status: 'status',
    epochs: 'epochs',
    value: objective.name.replace('val_', 'val ').replace('accuracy', 'acc'),
    best: 'best',
    parameters: names,
  });
  return { heading, line };
}

/** Parameters that have more than one value. */
export function variedOf(dimensions: readonly Dimension[]): Dimension[] {
  return dimensions.filter((dimension) => sizeOf(dimension) > 1);
}

/** The last parts of paths, as many as tell them apart. */
export function shortNames(paths: readonly string[]): string[] {
  return paths.map((path) => {
    const parts = path.split('.');
    for (let length = 1; length < parts.length; length++) {
      const short = parts.slice(-length).join('.');
      if (paths.filter((other) => other === short || other.endsWith(`.${short}`)).length === 1) return short;
    }
    return path;
  });
}

/** The objective as people read it: a share in percent, a loss as it is. */
export function figure({ name }: Objective, value: number): string {
  if (Number.isNaN(value)) return '-';
  return name === 'val_loss' ? value.toFixed(4) : percent(value);
}

/** The value of a trial, with its standard deviation over several seeds. */
export function valueText(objective: Objective, { value, deviation, lines }: TrialResult): string {
  const text = figure(objective, value);
  if (lines.length === 1 || Number.isNaN(value)) return text;
  return `${text} ± ${objective.name === 'val_loss' ? deviation.toFixed(4) : (deviation * 100).toFixed(2)}`;
}

/** A parameter's value in a few letters. */
export function shortValue(value: unknown): string {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function widthOf(dimension: Dimension): number {
  if (dimension.kind === 'choice')
    return Math.max(...dimension.values.map((value) => shortValue(value).length));
  if (dimension.kind === 'range' && dimension.quantum !== undefined) return shortValue(dimension.max).length;
  return 9;
}

function clipped(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** How people say it. */
export const statusWords: Record<Status, string> = {
  finished: 'finished',
  stopped: 'stopped',
  failed: 'FAILED',
};
