/** The tables of a run folder: metrics.csv, timing.csv, confusion.csv. */
import { writeFile } from 'node:fs/promises';
import { createArrayCsvWriter, createObjectCsvStringifier, createObjectCsvWriter } from 'csv-writer';
import type { Figures } from '../contracts/figures.ts';
import type { Task } from '../contracts/task.ts';
import { type Confusion, pairsOf } from '../foundation/confusion.ts';
import { figuresFor } from '../model/catalogue.ts';
import { figuresOf } from '../training/evaluation.ts';
import type { EpochEvent } from '../training/events.ts';
import type { EpochFigures } from '../training/run-state.ts';
import type { RunSummary } from './run-folder.ts';

/** What the tables need to know of an epoch. */
export type RecordedEpoch = EpochFigures & Pick<EpochEvent, 'seconds' | 'samplesPerSecond'>;

/** Columns of metrics.csv, by the task. It holds no times, so that `cmp` can compare runs. */
export function metricsColumns(task: Task): string[] {
  const { figures, minibatches } = figuresFor(task);
  const validation = ['loss', ...figures.map(({ name }) => name)].map((name) => `val_${name}`);
  return ['epoch', 'learning_rate', 'train_loss', `train_${minibatches.figure}`, ...validation];
}

type MetricsRow = Record<string, number | string>;

const timingColumns = ['epoch', 'seconds', 'samples_per_second'] as const;

const header = (columns: readonly string[]) => columns.map((id) => ({ id, title: id }));

/** A row of metrics.csv. Numbers are the shortest decimals that give back the same float64 on any machine. */
export function metricsRow({ epoch, learningRate, train, validation }: RecordedEpoch): MetricsRow {
  const named = (prefix: string, figures: Figures) =>
    Object.entries(figures).map(([name, value]) => [`${prefix}_${name}`, value] as const);
  return {
    epoch,
    learning_rate: learningRate,
    ...Object.fromEntries(named('train', train)),
    ...Object.fromEntries(validation ? named('val', figuresOf(validation)) : []),
  };
}

/** The text of metrics.csv for these epochs. */
export function metricsText(task: Task, epochs: readonly RecordedEpoch[]): string {
  const csv = createObjectCsvStringifier({ header: header(metricsColumns(task)) });
  return csv.getHeaderString()! + csv.stringifyRecords(epochs.map(metricsRow));
}

/** A table that grows by a row an epoch. When `add` resolves, the row is in the file. */
export interface EpochTable {
  add(event: RecordedEpoch): Promise<void>;
}

/** Starts metrics.csv, with its header. */
export function startMetrics(path: string, task: Task): Promise<EpochTable> {
  return startTable(path, metricsColumns(task), metricsRow);
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

/**
 * Writes confusion.csv: a row for each actual class, a column for each predicted one. Of more than 256
 * classes a list of the pairs that occur.
 *
 * @param given names of the classes; by default their numbers
 */
export async function writeConfusion(
  path: string,
  confusion: Confusion,
  given?: readonly string[],
): Promise<void> {
  const { classes, counts } = confusion;
  const names = given ?? Array.from({ length: classes }, (_, c) => String(c));
  if (!counts) {
    const writer = createArrayCsvWriter({ path, header: ['actual', 'predicted', 'count'] });
    await writer.writeRecords(
      pairsOf(confusion).map(({ actual, predicted, count }) => [names[actual]!, names[predicted]!, count]),
    );
    return;
  }
  const writer = createArrayCsvWriter({ path, header: ['actual', ...names] });
  await writer.writeRecords(
    names.map((name, c) => [name, ...counts.subarray(c * classes, (c + 1) * classes)]),
  );
}

/** Writes seeds.csv: the test figures of each seed; or folds.csv, numbered from 1. */
export async function writeSeeds(
  path: string,
  summaries: readonly RunSummary[],
  what: 'seed' | 'fold',
): Promise<void> {
  const names = Object.keys(summaries[0]!.test!).filter((name) => name !== 'loss' && name !== 'columns');
  const writer = createArrayCsvWriter({
    path,
    header: [what, ...names, 'loss', 'seconds', 'weightsSha256'],
  });
  await writer.writeRecords(
    summaries.map(({ seed, test, seconds, weightsSha256 }, i) => [
      what === 'seed' ? seed : i + 1,
      ...names.map((name) => test![name] as number),
      test!.loss,
      seconds,
      weightsSha256,
    ]),
  );
}
