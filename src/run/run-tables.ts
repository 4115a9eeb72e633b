/** Reads the tables of a run folder, which csv.ts writes. */
import type { Confusion } from '../figures/confusion.ts';

/** A row of metrics.csv. Figures that were not taken are null. */
export interface EpochFigures {
  /** Epochs done; not whole if figures are taken within epochs. */
  epoch: number;
  learningRate: number;
  trainLoss: number | null;
  trainAccuracy: number | null;
  valLoss: number | null;
  valAccuracy: number | null;
  valPrecision: number | null;
  valRecall: number | null;
  valF1: number | null;
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
export function readMetrics(text: string): EpochFigures[] {
  return readTable(text).map((row) => ({
    epoch: row.epoch ?? 0,
    learningRate: row.learning_rate ?? 0,
    trainLoss: row.train_loss ?? null,
    trainAccuracy: row.train_accuracy ?? null,
    valLoss: row.val_loss ?? null,
    valAccuracy: row.val_accuracy ?? null,
    valPrecision: row.val_precision ?? null,
    valRecall: row.val_recall ?? null,
    valF1: row.val_f1 ?? null,
  }));
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
export function readConfusion(text: string): Confusion {
  const lines = text.trimEnd().split('\n').slice(1);
  const classes = lines.length;
  const counts = Uint32Array.from(lines.flatMap((line) => line.split(',').slice(1).map(Number)));
  return { classes, counts };
}
