/** The tables of a run folder: metrics.csv, timing.csv, confusion.csv. */
import { createArrayCsvStringifier, createObjectCsvStringifier } from 'csv-writer';
import type { Figures } from '../contracts/figures.ts';
import type { Task } from '../contracts/task.ts';
import { type Confusion, pairsOf } from '../foundation/confusion.ts';
import { figuresFor } from '../model/catalogue.ts';
import { figuresOf } from '../training/evaluation.ts';
import type { EpochEvent } from '../training/events.ts';
import type { EpochFigures } from '../training/run-state.ts';
import { beginFile, type GrowingFile } from './growing-file.ts';
import type { EpochTiming } from './run-tables.ts';
import type { RunSummary } from './summary.ts';
import { writeWhole } from './write-whole.ts';

/** What the tables need to know of an epoch. */
export type RecordedEpoch = EpochFigures & Pick<EpochEvent, 'seconds' | 'samplesPerSecond'>;

/** Columns of metrics.csv, by the task. It holds no times, so that `cmp` can compare runs. */
export function metricsColumns(task: Task): string[] {
  const { figures, minibatches } = figuresFor(task);
  const validation = ['loss', ...figures.map(({ name }) => name)].map((name) => `val_${name}`);
  return ['epoch', 'learning_rate', 'train_loss', `train_${minibatches.figure}`, ...validation];
}

type TableRow = Record<string, number | string>;

const timingColumns = ['epoch', 'seconds', 'samples_per_second'] as const;

const header = (columns: readonly string[]) => columns.map((id) => ({ id, title: id }));

/** A row of metrics.csv. Numbers are the shortest decimals that give back the same float64 on any machine. */
export function metricsRow({ epoch, learningRate, train, validation }: EpochFigures): TableRow {
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
export function metricsText(task: Task, epochs: readonly EpochFigures[]): string {
  const csv = createObjectCsvStringifier({ header: header(metricsColumns(task)) });
  return csv.getHeaderString()! + csv.stringifyRecords(epochs.map(metricsRow));
}

/** A table that grows by a row an epoch. */
export interface EpochTable extends Pick<GrowingFile, 'flush'> {
  /** When this resolves, the row is in the file. If it rejects, the next call writes it too. */
  add(event: RecordedEpoch): Promise<void>;
}

/** Starts metrics.csv, with its header, and the rows of epochs that were trained before. */
export function startMetrics(
  path: string,
  task: Task,
  before: readonly EpochFigures[] = [],
): Promise<EpochTable> {
  return startTable(path, metricsColumns(task), metricsRow, before.map(metricsRow));
}

/** Starts timing.csv, the seconds that the epochs took in this run. */
export function startTiming(path: string, before: readonly EpochTiming[] = []): Promise<EpochTable> {
  return startTable(path, timingColumns, timingRow, before.map(timingRow));
}

const timingRow = ({ epoch, seconds, samplesPerSecond }: EpochTiming): TableRow => ({
  epoch,
  seconds: seconds.toFixed(6),
  samples_per_second: samplesPerSecond.toFixed(1),
});

async function startTable(
  path: string,
  columns: readonly string[],
  row: (event: RecordedEpoch) => TableRow,
  before: TableRow[],
): Promise<EpochTable> {
  const csv = createObjectCsvStringifier({ header: header(columns) });
  // Of no records csv-writer makes an empty line.
  const rows = before.length > 0 ? csv.stringifyRecords(before) : '';
  const file = await beginFile(path, csv.getHeaderString()! + rows);
  return { add: (event) => file.append(csv.stringifyRecords([row(event)])), flush: file.flush };
}

/**
 * The text of confusion.csv: a row for each actual class, a column for each predicted one. Of more than 256
 * classes a list of the pairs that occur.
 *
 * @param given names of the classes; by default their numbers
 */
export function confusionText(confusion: Confusion, given?: readonly string[]): string {
  const { classes, counts } = confusion;
  const names = given ?? Array.from({ length: classes }, (_, c) => String(c));
  const csv = createArrayCsvStringifier({
    header: counts ? ['actual', ...names] : ['actual', 'predicted', 'count'],
  });
  const rows = counts
    ? names.map((name, c) => [name, ...counts.subarray(c * classes, (c + 1) * classes)])
    : pairsOf(confusion).map(({ actual, predicted, count }) => [names[actual]!, names[predicted]!, count]);
  return csv.getHeaderString()! + csv.stringifyRecords(rows);
}

/** Writes confusion.csv. */
export async function writeConfusion(
  path: string,
  confusion: Confusion,
  given?: readonly string[],
): Promise<void> {
  await writeWhole(path, [confusionText(confusion, given)]);
}

/** Writes seeds.csv or folds.csv. */
export async function writeSeeds(
  path: string,
  summaries: readonly RunSummary[],
  what: 'seed' | 'fold',
): Promise<void> {
  await writeWhole(path, [seedsText(summaries, what)]);
}

/** The text of seeds.csv: the test figures of each seed; or of folds.csv, numbered from 1. */
export function seedsText(summaries: readonly RunSummary[], what: 'seed' | 'fold'): string {
  const names = Object.keys(summaries[0]!.test!).filter((name) => name !== 'loss' && name !== 'columns');
  const csv = createArrayCsvStringifier({ header: [what, ...names, 'loss', 'seconds', 'weightsSha256'] });
  const rows = summaries.map(({ seed, test, seconds, weightsSha256 }, i) => [
    what === 'seed' ? seed : i + 1,
    ...names.map((name) => test![name] as number),
    test!.loss,
    seconds,
    weightsSha256,
  ]);
  return csv.getHeaderString()! + csv.stringifyRecords(rows);
}
