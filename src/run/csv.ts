/** The tables of a run folder: metrics.csv, timing.csv, confusion.csv. */
import { writeFile } from 'node:fs/promises';
import { createArrayCsvWriter, createObjectCsvStringifier, createObjectCsvWriter } from 'csv-writer';
import type { Confusion } from '../figures/confusion.ts';
import type { EpochEvent } from '../training/events.ts';
import type { EpochFigures } from '../training/run-state.ts';
import type { RunSummary } from './run-folder.ts';

/** What the tables need to know of an epoch. */
export type RecordedEpoch = EpochFigures & Pick<EpochEvent, 'seconds' | 'samplesPerSecond'>;

/** Columns of metrics.csv. It holds no times, so that `cmp` can compare runs. */
export const metricsColumns = [
  'epoch',
  'learning_rate',
  'train_loss',
  'train_accuracy',
  'val_loss',
  'val_accuracy',
  'val_precision',
  'val_recall',
  'val_f1',
] as const;

type MetricsRow = Record<(typeof metricsColumns)[number], number | string>;

const timingColumns = ['epoch', 'seconds', 'samples_per_second'] as const;

const header = (columns: readonly string[]) => columns.map((id) => ({ id, title: id }));

/** A row of metrics.csv. Numbers are the shortest decimals that give back the same float64 on any machine. */
export function metricsRow({ epoch, learningRate, train, validation }: RecordedEpoch): MetricsRow {
  return {
    epoch,
    learning_rate: learningRate,
    train_loss: train.loss,
    train_accuracy: train.accuracy,
    val_loss: validation?.loss ?? '',
    val_accuracy: validation?.accuracy ?? '',
    val_precision: validation?.precision ?? '',
    val_recall: validation?.recall ?? '',
    val_f1: validation?.f1 ?? '',
  };
}

/** The text of metrics.csv for these epochs. */
export function metricsText(epochs: readonly RecordedEpoch[]): string {
  const csv = createObjectCsvStringifier({ header: header(metricsColumns) });
  return csv.getHeaderString()! + csv.stringifyRecords(epochs.map(metricsRow));
}

/** A table that grows by a row an epoch. When `add` resolves, the row is in the file. */
export interface EpochTable {
  add(event: RecordedEpoch): Promise<void>;
}

/** Starts metrics.csv, with its header. */
export function startMetrics(path: string): Promise<EpochTable> {
  return startTable(path, metricsColumns, metricsRow);
}

/** Starts timing.csv, the seconds that the epochs took in this run. */
export function startTiming(path: string): Promise<EpochTable> {
  return startTable(path, timingColumns, ({ epoch, seconds, samplesPerSecond }) => ({
    epoch,
    seconds: seconds.toFixed(6),
    samples_per_second: samplesPerSecond.toFixed(1),
  }));
}

async function startTable(
  path: string,
  columns: readonly string[],
  row: (event: RecordedEpoch) => Record<string, number | string>,
): Promise<EpochTable> {
  // csv-writer writes a header only together with rows, so we write the header and let it append the rows.
  await writeFile(path, createObjectCsvStringifier({ header: header(columns) }).getHeaderString()!);
  const writer = createObjectCsvWriter({ path, header: header(columns), append: true });
  return { add: (event) => writer.writeRecords([row(event)]) };
}

/** Writes confusion.csv: a row for each actual class, a column for each predicted one. */
export async function writeConfusion(path: string, { classes, counts }: Confusion): Promise<void> {
  const names = Array.from({ length: classes }, (_, c) => String(c));
  const writer = createArrayCsvWriter({ path, header: ['actual', ...names] });
  await writer.writeRecords(
    names.map((name, c) => [name, ...counts.subarray(c * classes, (c + 1) * classes)]),
  );
}

/** Writes seeds.csv: the test figures of each seed. */
export async function writeSeeds(path: string, summaries: readonly RunSummary[]): Promise<void> {
  const columns = ['seed', 'accuracy', 'precision', 'recall', 'f1', 'loss', 'seconds', 'weightsSha256'];
  const writer = createArrayCsvWriter({ path, header: columns });
  await writer.writeRecords(
    summaries.map(({ seed, test, seconds, weightsSha256 }) => {
      const { accuracy, precision, recall, f1, loss } = test!;
      return [seed, accuracy, precision, recall, f1, loss, seconds, weightsSha256];
    }),
  );
}
