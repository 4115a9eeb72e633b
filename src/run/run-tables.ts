/** Reads the tables of a run folder, which csv.ts writes. */
import type { Figures } from '../contracts/figures.ts';
import { activities, type ThreadSeconds } from '../engine/profile.ts';
import { sumWaits, waitColumn, waitKinds } from '../engine/waits.ts';
import type { Confusion } from '../foundation/confusion.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { RunProfile } from './record-profile.ts';
import type { RunSummary } from './summary.ts';

/** A row of metrics.csv. */
export interface EpochRow {
  /** Epochs done; not whole if figures are taken within epochs. */
  epoch: number;
  learningRate: number;
  /** By name, as far as they were taken. */
  train: Readonly<Record<string, number>>;
  /** Undefined if nothing was evaluated. */
  validation: Figures | undefined;
}

/**
 * Rows of numbers, keyed by the names of the columns. An empty cell is null. A last line without its end was
 * torn when the training was killed, and is left out.
 */
function readTable(file: string, text: string): Record<string, number | null>[] {
  const [header, ...lines] = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  const columns = header?.split(',') ?? [];
  return lines.map((line, index) => {
    const cells = line.split(',');
    const numbers = cells.map((cell) => (cell === '' ? null : Number(cell)));
    const right = numbers.every(
      (value, i) => value === null || (Number.isFinite(value) && cells[i]!.trim() !== ''),
    );
    if (cells.length !== columns.length || !right) {
      const got = JSON.stringify(line.length > 60 ? `${line.slice(0, 57)}...` : line);
      throw damaged(`${file}:${index + 2}`, `${columns.length} numbers`, got);
    }
    return Object.fromEntries(columns.map((column, i) => [column, numbers[i]!]));
  });
}

function damaged(where: string, expected: string, got: string): LockstepError {
  return new LockstepError('checkpoint', { where, expected, got, hint: 'the file is damaged' });
}

/** The rows of metrics.csv. */
export function readMetrics(file: string, text: string): EpochRow[] {
  return readTable(file, text).map((row) => {
    const named = (prefix: string) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([column, value]) => column.startsWith(prefix) && value !== null)
          .map(([column, value]) => [column.slice(prefix.length), value as number]),
      );
    const validation = named('val_');
    return {
      epoch: row.epoch ?? 0,
      learningRate: row.learning_rate ?? 0,
      train: named('train_'),
      validation: 'loss' in validation ? (validation as Figures) : undefined,
    };
  });
}

/** The time of an epoch: a row of timing.csv. */
export interface EpochTiming {
  epoch: number;
  seconds: number;
  samplesPerSecond: number;
}

/** The rows of timing.csv. */
export function readTiming(file: string, text: string): EpochTiming[] {
  return readTable(file, text).map((row) => ({
    epoch: row.epoch ?? 0,
    seconds: row.seconds ?? 0,
    samplesPerSecond: row.samples_per_second ?? 0,
  }));
}

/** The seconds in profile.csv, of all epochs together. Files of older versions have no causes of waiting. */
export function readProfile(file: string, text: string): RunProfile {
  const threads: ThreadSeconds[] = [];
  const table = readTable(file, text);
  for (const [i, row] of table.entries()) {
    const { thread } = row;
    if (!thread || !isCount(thread) || thread > threads.length + 1) {
      throw damaged(`${file}:${i + 2}`, 'the number of a thread', String(thread));
    }
    threads[thread - 1] ??= Object.fromEntries(spentOn.map((name) => [name, 0])) as ThreadSeconds;
    for (const name of spentOn) threads[thread - 1]![name] += row[name] ?? 0;
  }
  const waits = table.flatMap((row) =>
    waitKinds.map((kind) => ({ ...kind, seconds: row[waitColumn(kind)] ?? 0 })),
  );
  return { threads, waits: sumWaits(waits) };
}

const spentOn = [...activities, 'waiting'] as const;

/** The counts of confusion.csv. */
export function readConfusion(
  file: string,
  text: string,
  { classes, classNames }: Pick<RunSummary, 'classes' | 'classNames'>,
): Confusion {
  const [header, ...lines] = text.trimEnd().split('\n');
  if (header === 'actual,predicted,count') {
    const names = new Map(classNames?.map((name, c) => [name, c]));
    const index = (name: string) => names.get(name) ?? Number(name);
    const size = classes ?? 0;
    const pairs = lines.map((line, i) => {
      const [actual, predicted, count] = parseLine(line);
      const place = index(actual!) * size + index(predicted!);
      if (!isCount(place) || !isCount(Number(count))) {
        throw damaged(`${file}:${i + 2}`, 'two classes and a count', JSON.stringify(line.slice(0, 60)));
      }
      return [place, Number(count)] as const;
    });
    return { classes: size, pairs: new Map(pairs) };
  }
  const rows = lines.map((line, i) => {
    const counts = parseLine(line).slice(1).map(Number);
    if (counts.length === lines.length && counts.every(isCount)) return counts;
    throw damaged(
      `${file}:${i + 2}`,
      `a class and ${lines.length} counts`,
      JSON.stringify(line.slice(0, 60)),
    );
  });
  return { classes: lines.length, counts: Uint32Array.from(rows.flat()) };
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;

/** The cells of a line that csv-writer wrote: names may be quoted. */
function parseLine(line: string): string[] {
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  return cells
    .slice(0, line.endsWith(',') ? undefined : -1)
    .map((cell) => cell.replace(/,$/, ''))
    .map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}
