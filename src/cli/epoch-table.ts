/** One aligned line each time that figures are taken: after an epoch, or after some steps. */
import type { EpochEvent } from '../training/events.ts';
import { compact, duration, grouped, percent, shortEpoch } from './format.ts';

/** Widths of the columns, chosen so that a line fits 80 columns. */
const columns = [
  ['', 7],
  ['loss', 8],
  ['accuracy', 9],
  ['val loss', 9],
  ['accuracy', 9],
  ['F1', 9],
  ['time', 9],
  ['samples/s', 10],
] as const;

function aligned(cells: readonly string[]): string {
  return cells.map((cell, i) => cell.padStart(columns[i]![1])).join(' ');
}

export function epochHeading(bySteps: boolean): string {
  return aligned(columns.map(([title], i) => (i === 0 ? (bySteps ? 'step' : 'epoch') : title)));
}

/** A line of the table. `epochs` of the whole training; undefined if figures are taken by steps. */
export function epochLine(
  { epoch, step, train, validation, seconds, samplesPerSecond }: EpochEvent,
  epochs: number | undefined,
): string {
  return aligned([
    epochs === undefined ? grouped(step) : `${shortEpoch(epoch)}/${epochs}`,
    train.loss.toFixed(4),
    percent(train.accuracy),
    validation?.loss.toFixed(4) ?? '-',
    validation ? percent(validation.accuracy) : '-',
    validation ? percent(validation.f1) : '-',
    duration(seconds),
    compact(samplesPerSecond),
  ]);
}
