/**
 * Trains the winner of a sweep again and judges it on the test set, which is not used before. The weights
 * must have the same bits as in the sweep, so a sweep ends with the proof that its result can be reproduced.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { LockstepError } from '../foundation/errors.ts';
import { threads } from '../parallel/threads.ts';
import { writeReport } from '../report/write-report.ts';
import { type Recorder, recorded, recordRun } from '../run/record-run.ts';
import { runFiles } from '../run/run-files.ts';
import type { RunSummary } from '../run/summary.ts';
import type { TrainEvent } from '../training/events.ts';
import { train } from '../training/train.ts';
import { sweepFiles } from './folder.ts';
import type { Trial, TrialResult } from './trial.ts';

export interface WinnerOptions {
  dataset: Dataset;
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
  const before = await earlierJudgement(trial, result, options.folder);
  if (before) return before;

  await rm(join(options.folder, sweepFiles.bestRun), { recursive: true, force: true });
  const summaries: RunSummary[] = [];
  for (const [i, folder] of folders.entries()) {
    const summary = await trainAgain(trial, i, folder, options);
    if (!summary?.test) return undefined;
    await writeReport(folder, options.dataset);
    const { weightsSha256 } = result.lines[i]!;
    if (summary.weightsSha256 !== weightsSha256) {
      throw new LockstepError(
        'failed',
        `${folder}: trained again, the winner has other weights: expected sha256 ${weightsSha256}, ` +
          `got ${summary.weightsSha256}`,
      );
    }
    summaries.push(summary);
  }
  return summaries;
}

/** The summaries of the winner's runs, if it was judged before. */
export async function earlierJudgement(
  trial: Trial,
  result: TrialResult,
  folder: string,
): Promise<RunSummary[] | undefined> {
  const summaries = await Promise.all(winnerFolders(folder, trial).map(readSummary));
  const same = (summary: RunSummary | undefined, i: number): summary is RunSummary =>
    summary?.test != null && summary.weightsSha256 === result.lines[i]!.weightsSha256;
  return summaries.every(same) ? summaries : undefined;
}

async function trainAgain(
  trial: Trial,
  index: number,
  folder: string,
  { dataset, threads: count, signal, onEvent }: WinnerOptions,
): Promise<RunSummary | undefined> {
  const { experiment } = trial.runs[index]!;
  const begun = performance.now();
  const executor = threads(count);
  let summary: RunSummary | undefined;
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
      const ended = await recorder!.end(event);
      if (ended.missing.length > 0) throw new LockstepError('failed', ended.missing.join('\n'));
      summary = ended.summary;
    }
    onEvent?.(event);
  }
  return summary;
}

async function readSummary(folder: string): Promise<RunSummary | undefined> {
  const text = await readFile(join(folder, runFiles.summary), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as RunSummary);
}
