/**
 * Trains the winner of a sweep again and judges it on the test set, which is not used before. The weights and
 * all figures must have the same bits as in the sweep, so a sweep ends with the proof that its result can be
 * reproduced.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { LockstepError } from '../foundation/errors.ts';
import { threads } from '../parallel/threads.ts';
import { readText } from '../platform/files.ts';
import { writeReport } from '../report/write-report.ts';
import { folderAt, removeRun } from '../run/files-of-run.ts';
import { type Recorder, recorded, recordRun } from '../run/record-run.ts';
import { runFiles } from '../run/run-files.ts';
import { readMetrics } from '../run/run-tables.ts';
import { type RunSummary, readSummary } from '../run/summary.ts';
import type { TrainEvent } from '../training/events.ts';
import { train } from '../training/train.ts';
import { sweepFiles } from './folder.ts';
import { figureOf, type Objective } from './objective.ts';
import { finalValue, type Point, pointsOf } from './run-training.ts';
import type { Trial, TrialLine, TrialResult } from './trial.ts';

export interface WinnerOptions {
  dataset: Dataset;
  objective: Objective;
  /** The sweep's folder. */
  folder: string;
  threads: number;
  signal?: AbortSignal;
  /** Called with the events of the trainings. */
  onEvent?(event: TrainEvent): void;
}

/** The folders of the winner's runs, one for each seed. */
export function winnerFolders(folder: string, { runs }: Trial): string[] {
  const best = join(folder, sweepFiles.bestRun);
  return runs.length === 1 ? [best] : runs.map(({ seed }) => join(best, `seed-${seed}`));
}

/** The summaries of the winner's runs, one for each seed; undefined if the judgement was stopped. */
export async function judgeWinner(
  trial: Trial,
  result: TrialResult,
  options: WinnerOptions,
): Promise<RunSummary[] | undefined> {
  const folders = winnerFolders(options.folder, trial);
  const before = await earlierJudgement(trial, result, options);
  if (before.summaries) return before.summaries;

  await removeWinner(options.folder);
  const summaries: RunSummary[] = [];
  for (const [i, folder] of folders.entries()) {
    const again = await trainAgain(trial, i, folder, options);
    if (!again?.summary.test) return undefined;
    const { summary } = again;
    await writeReport(folder, options.dataset);
    const difference = differenceOf(result.lines[i]!, again);
    if (difference !== undefined) {
      throw new LockstepError('failed', `${folder}: trained again, the winner has other ${difference}`);
    }
    summaries.push(summary);
  }
  return summaries;
}

/** What a training came to. */
export interface Result {
  weightsSha256: string;
  /** The objective at each evaluation, and of the weights that count. */
  history: readonly Point[];
  value: number;
}

/** What differs between a line and the result of the same training; undefined if nothing does. */
export function differenceOf(line: TrialLine, { weightsSha256, history, value }: Result): string | undefined {
  if (weightsSha256 !== line.weightsSha256) {
    return `weights: expected sha256 ${line.weightsSha256}, got ${weightsSha256}`;
  }
  const length = Math.max(history.length, line.history.length);
  for (let i = 0; i < length; i++) {
    const [then, now] = [line.history[i], history[i]];
    if (then && now && then[0] === now[0] && Object.is(then[1], now[1])) continue;
    const text = (point?: Point) => (point ? `${point[1]} after epoch ${point[0]}` : 'nothing');
    return `figures: expected ${text(then)}, got ${text(now)}`;
  }
  if (Object.is(value, line.metric ?? Number.NaN)) return undefined;
  return `figures: expected the objective ${line.metric}, got ${value}`;
}

/** Removes the runs of an earlier winner. */
async function removeWinner(folder: string): Promise<void> {
  const best = await folderAt(folder, sweepFiles.bestRun);
  if (best === undefined) return;
  for (const name of await readdir(best)) {
    if (/^seed-\d+$/.test(name)) await removeRun(folder, join(sweepFiles.bestRun, name));
  }
  await removeRun(folder, sweepFiles.bestRun);
}

/** The runs of a winner that was judged before, or why they do not count. */
export type EarlierJudgement =
  | { summaries: RunSummary[] }
  /** `fault`: what is wrong with a judgement that is there. */
  | { summaries?: undefined; fault?: string };

/**
 * The summaries of the winner's runs, if it was judged before and came to the result of the sweep.
 *
 * What cannot be read does not count: the sweep judges its winner again.
 */
export async function earlierJudgement(
  trial: Trial,
  result: TrialResult,
  { folder, objective }: Pick<WinnerOptions, 'folder' | 'objective'>,
): Promise<EarlierJudgement> {
  const summaries: RunSummary[] = [];
  for (const [i, run] of winnerFolders(folder, trial).entries()) {
    try {
      const summary = await readSummary(run);
      if (!summary?.test) return {};
      const recorded = await recordedResult(run, summary, objective);
      const difference = differenceOf(result.lines[i]!, recorded);
      if (difference !== undefined) return { fault: `${run} is not this winner's: other ${difference}` };
      summaries.push(summary);
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      return { fault: error.message };
    }
  }
  return { summaries };
}

/**
 * What a run came to, as its summary and its metrics.csv have it.
 *
 * @throws LockstepError `checkpoint` if metrics.csv is absent or is no such table
 */
export async function recordedResult(
  run: string,
  summary: RunSummary,
  objective: Objective,
): Promise<Result> {
  const file = join(run, runFiles.metrics);
  const text = await readText(file).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof LockstepError) throw error;
    const got = error.code === 'ENOENT' ? 'no such file' : error.message;
    throw new LockstepError('checkpoint', { where: file, expected: 'a file of the run', got });
  });
  const rows = readMetrics(file, text);
  const history = rows.flatMap(({ epoch, validation }) =>
    validation ? [[epoch, figureOf(objective, validation)] as const] : [],
  );
  const of = summary.result === 'best' ? summary.bestEpoch : history.at(-1)?.[0];
  const value = history.find(([epoch]) => epoch === of)?.[1] ?? Number.NaN;
  return { weightsSha256: summary.weightsSha256, history, value };
}

async function trainAgain(
  trial: Trial,
  index: number,
  folder: string,
  { dataset, objective, threads: count, signal, onEvent }: WinnerOptions,
): Promise<(Result & { summary: RunSummary }) | undefined> {
  const { experiment } = trial.runs[index]!;
  const begun = performance.now();
  const executor = threads(count);
  let result: (Result & { summary: RunSummary }) | undefined;
  let recorder: Recorder | undefined;
  for await (const event of train(experiment, { dataset, executor, ...(signal ? { signal } : {}) })) {
    if (event.kind === 'start') {
      const { signature, classWeights } = event;
      const options = { experiment, dataset, signature, classWeights, folder, threads: count, begun };
      recorder = await recordRun(options);
    }
    if (event.kind === 'epoch') await recorder!.epoch(recorded(event));
    if (event.kind === 'checkpoint') recorder!.checkpoint(event);
    if (event.kind === 'end') {
      const { summary, missing } = await recorder!.end(event);
      if (missing.length > 0) throw new LockstepError('failed', missing);
      const history = pointsOf(objective, event.history);
      const value = finalValue(experiment, event, history);
      result = { summary, weightsSha256: summary.weightsSha256, history, value };
    }
    onEvent?.(event);
  }
  return result;
}
