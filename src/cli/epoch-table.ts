/** One aligned line for each epoch. */
import type { EpochEvent } from '../train.ts';
import { compact, duration, percent } from './format.ts';

/** Widths of the columns, chosen so that a line fits 80 columns. */
const columns = [
  ['epoch', 7],
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

export function epochHeading(): string {
  return aligned(columns.map(([title]) => title));
}

export function epochLine(
  { epoch, train, validation, seconds, samplesPerSecond }: EpochEvent,
  epochs: number,
): string {
  return aligned([
    `${epoch}/${epochs}`,
    train.loss.toFixed(4),
    percent(train.accuracy),
    validation?.loss.toFixed(4) ?? '-',
    validation ? percent(validation.accuracy) : '-',
    validation ? percent(validation.f1) : '-',
    duration(seconds),
    compact(samplesPerSecond),
  ]);
}
