/** Reads the tables of a run folder, which csv.ts writes. */
import type { Figures } from '../contracts/figures.ts';
import type { Confusion } from '../foundation/confusion.ts';
import type { RunSummary } from './run-folder.ts';

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

/** Rows of numbers, keyed by the names of the columns. An empty cell is null. */
function readTable(text: string): Record<string, number | null>[] {
  const [header, ...lines] = text.trimEnd().split('\n');
  const columns = header!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(
      columns.map((column, i) => [
        column,
        cells[i] === undefined || cells[i] === '' ? null : Number(cells[i]),
      ]),
    );
  });
}

/** The rows of metrics.csv. */
export function readMetrics(text: string): EpochRow[] {
  return readTable(text).map((row) => {
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
export function readTiming(text: string): EpochTiming[] {
  return readTable(text).map((row) => ({
    epoch: row.epoch ?? 0,
    seconds: row.seconds ?? 0,
    samplesPerSecond: row.samples_per_second ?? 0,
  }));
}

/** The counts of confusion.csv. */
export function readConfusion(
  text: string,
  { classes, classNames }: Pick<RunSummary, 'classes' | 'classNames'>,
): Confusion {
  const [header, ...lines] = text.trimEnd().split('\n');
  if (header === 'actual,predicted,count') {
    const names = new Map(classNames?.map((name, c) => [name, c]));
    const index = (name: string) => names.get(name) ?? Number(name);
    const size = classes ?? 0;
    const pairs = lines.map((line) => {
      const [actual, predicted, count] = parseLine(line);
      return [index(actual!) * size + index(predicted!), Number(count)] as const;
    });
    return { classes: size, pairs: new Map(pairs) };
  }
  const counts = Uint32Array.from(lines.flatMap((line) => parseLine(line).slice(1).map(Number)));
  return { classes: lines.length, counts };
}

/** The cells of a line that csv-writer wrote: names may be quoted. */
function parseLine(line: string): string[] {
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  return cells
    .slice(0, line.endsWith(',') ? undefined : -1)
    .map((cell) => cell.replace(/,$/, ''))
    .map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}
