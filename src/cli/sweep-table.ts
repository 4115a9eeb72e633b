/**
 * The trials of a sweep, one below the other. No parameter that varies is left out: where the terminal is too
 * narrow for a column each, other columns go first, and then the parameters stand in lines of their own.
 */

import { figureText, shortNames, shortValue, spreadText } from '../sweep/figure-text.ts';
import type { Objective } from '../sweep/objective.ts';
import type { Sweep } from '../sweep/read.ts';
import { type Dimension, sizeOf } from '../sweep/space.ts';
import type { Status, TrialResult } from '../sweep/trial.ts';
import { type Stream, wrap } from './console.ts';

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
  /** The line of a trial, and below it those of its parameters if they have no columns. */
  lines(cells: Cells): string[];
}

/** What is known of a trial beside its parameters. */
type Fixed = Exclude<keyof Cells, 'parameters'>;

interface Column {
  name: Fixed;
  title: string;
  width: number;
  left?: boolean;
}

/** Two blanks between columns. */
const gap = 2;
/** Where lines with parameters begin: below the status. */
const indent = 5 + gap;
/** The fewest letters of a name that is cut. */
const leastName = 6;

/** The names of the columns that are left out, one after the other, to make room. */
const expendable: readonly (readonly Fixed[])[] = [[], ['best'], ['best', 'epochs']];

/** The table as it fits a stream. If a program reads it, every parameter has its column. */
export function sweepTable(
  { dimensions, objective, seeds }: Pick<Sweep, 'dimensions' | 'objective' | 'seeds'>,
  to: Pick<Stream, 'live' | 'columns'>,
): SweepTable {
  // A line as long as the terminal is wide makes some terminals begin another.
  const room = to.live ? to.columns() - 1 : Number.POSITIVE_INFINITY;
  const varied = variedOf(dimensions);
  const names = shortNames(varied.map(({ path }) => path));
  const columns: Column[] = [
    { name: 'trial', title: 'trial', width: 5 },
    { name: 'status', title: 'status', width: 8, left: true },
    { name: 'epochs', title: 'epochs', width: 7 },
    {
      name: 'value',
      title: objective.name.replace('val_', 'val ').replace('accuracy', 'acc'),
      width: seeds > 1 ? 18 : 9,
    },
    { name: 'best', title: 'best', width: 9 },
  ];
  const without = (gone: readonly Fixed[]) => columns.filter(({ name }) => !gone.includes(name));
  const values = varied.map(widthOf);
  const fits = (shown: readonly Column[], titles: readonly string[]) =>
    widthOfAll([...shown.map(({ width }) => width), ...parameterWidths(titles, values)]) <= room;
  const cut = cutNames(names, values);
  for (const titles of cut === undefined ? [names] : [names, cut]) {
    for (const gone of expendable) {
      const shown = without(gone);
      if (fits(shown, titles)) return inColumns(shown, titles, parameterWidths(titles, values));
    }
  }
  const narrow = expendable.map(without);
  const shown = narrow.find((some) => widthOfAll(some.map(({ width }) => width)) <= room) ?? narrow.at(-1)!;
  return belowEachOther(shown, names, room);
}

const widthOfAll = (widths: readonly number[]) => widths.reduce((sum, width) => sum + gap + width, -gap);

const parameterWidths = (titles: readonly string[], values: readonly number[]) =>
  values.map((width, i) => Math.max(titles[i]!.length, width));

/** The names, each cut to the width of its values; undefined if two would then read the same. */
function cutNames(names: readonly string[], values: readonly number[]): string[] | undefined {
  const cut = names.map((name, i) => clipped(name, Math.max(leastName, values[i]!)));
  return new Set(cut).size === cut.length ? cut : undefined;
}

function clipped(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function rowOf(shown: readonly Column[], cell: (column: Column) => string): string {
  return shown
    .map((column) => (column.left ? cell(column).padEnd(column.width) : cell(column).padStart(column.width)))
    .join(' '.repeat(gap));
}

function inColumns(
  shown: readonly Column[],
  titles: readonly string[],
  widths: readonly number[],
): SweepTable {
  const line = (row: string, parameters: readonly string[]) =>
    [row, ...widths.map((width, i) => (parameters[i] ?? '').padStart(width))].join(' '.repeat(gap));
  return {
    heading: line(
      rowOf(shown, ({ title }) => title),
      titles,
    ),
    lines: (cells) => [
      line(
        rowOf(shown, ({ name }) => cells[name]),
        cells.parameters,
      ),
    ],
  };
}

/** Each trial has its parameters with their names in the lines below it. */
function belowEachOther(shown: readonly Column[], names: readonly string[], room: number): SweepTable {
  const width = Math.max(1, room - indent);
  return {
    heading: rowOf(shown, ({ title }) => title),
    lines(cells) {
      const text = names.map((name, i) => `${name} ${cells.parameters[i] ?? ''}`).join(' · ');
      const below = wrap(text, width + 1).flatMap((line) => pieces(line, width));
      return [rowOf(shown, ({ name }) => cells[name]), ...below.map((line) => ' '.repeat(indent) + line)];
    },
  };
}

/** A word that is longer than a line goes on in the next. */
function pieces(text: string, width: number): string[] {
  const count = Math.max(1, Math.ceil(text.length / width));
  return Array.from({ length: count }, (_, i) => text.slice(i * width, (i + 1) * width));
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

/** The width of a dimension's values: 0.0001234 has nine characters. */
function widthOf(dimension: Dimension): number {
  const longest = (values: readonly unknown[]) =>
    Math.max(...values.map((value) => shortValue(value).length));
  if (dimension.kind === 'choice') return longest(dimension.values);
  if (dimension.kind === 'normal') return 10;
  const { min, max, quantum } = dimension;
  if (quantum === undefined) return min < 0 ? 10 : 9;
  return longest([min, max, quantum, min + quantum, max - quantum]);
}

/** The statuses in words. */
export const statusWords: Record<Status, string> = {
  finished: 'finished',
  stopped: 'stopped',
  failed: 'FAILED',
};
