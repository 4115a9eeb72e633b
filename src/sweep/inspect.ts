/**
 * Whether a sweep's folder holds what the sweep wrote: by digests, and by what its files say of each other.
 */
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { canonicalText } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { readText } from '../platform/files.ts';
import { folderAt } from '../run/files-of-run.ts';
import { type Findings, inspectFiles, readSummaryAsIs } from '../run/inspect.ts';
import { refuseOtherData } from '../run/other-data.ts';
import { runFiles } from '../run/run-files.ts';
import type { RunSummary } from '../run/summary.ts';
import { refuseLinks, resultsText, sweepFiles } from './folder.ts';
import { replay } from './pull.ts';
import { winnerOf } from './ranking.ts';
import type { SweepFile } from './read.ts';
import { makeTrial, type TrialLine, type TrialResult, type TrialRun } from './trial.ts';
import { readTrials } from './trials-file.ts';
import { differenceOf, recordedResult, winnerFolders } from './winner.ts';

export interface InspectOptions {
  /** The sweep's folder. */
  folder: string;
  /** The sweep as its folder has it. */
  file: SweepFile;
  dataset: Dataset;
  dataSha256: string;
}

export interface Inspection extends Findings {
  /** Trials that have ended. */
  results: readonly TrialResult[];
  /** No trial of the sweep is missing. */
  complete: boolean;
}

/**
 * Looks at all files, and trains nothing.
 *
 * @throws LockstepError `checkpoint` if trials.jsonl is damaged or a link leads out of the folder, `data` if
 *   the data set is another
 */
export async function inspectSweep(options: InspectOptions): Promise<Inspection> {
  const { folder, file, dataSha256 } = options;
  await refuseLinks(folder);
  const known = await readTrials(join(folder, sweepFiles.trials));
  const { results, complete } = replay(file, known, dataSha256);
  const found: Findings = { absent: [], changed: [] };
  for (const result of results) {
    const { runs } = makeTrial(file, result.number, result.parameters, dataSha256);
    for (const [i, line] of result.lines.entries()) await inspectTraining(line, runs[i], options, found);
  }
  // Without any trial that fits, the data may be what does not.
  if (results.length === 0) for (const line of known.values()) await checkData(line, options);
  await inspectResults(results, complete, options, found);
  const winner = complete ? winnerOf(file.sweep.objective, results) : undefined;
  if (winner) await inspectWinner(winner, options, found);
  return { ...found, results, complete };
}

/** Looks at the files of one training of a trial. */
async function inspectTraining(
  line: TrialLine,
  run: TrialRun | undefined,
  { folder, file, dataSha256 }: InspectOptions,
  found: Findings,
): Promise<void> {
  if (!run || line.status === 'failed') return;
  const at = await folderAt(folder, line.run);
  if (at === undefined) {
    found.absent.push(`${join(folder, line.run)}: expected the folder of a training, got no such folder`);
    return;
  }
  await same(join(at, runFiles.config), canonicalText(run.experiment), found);
  const summary = await summaryOf(at, found);
  if (!summary) return;
  // Trainings of 0.1.0 have no digests, and none has checkpoints.
  if (summary.files) add(found, await inspectFiles(at, summary, []));
  if (summary.dataSha256 !== dataSha256) {
    found.changed.push(`${at}: expected data sha256 ${dataSha256}, got ${summary.dataSha256}`);
  }
  await compare(at, line, summary, file, found);
}

/** Compares a line with what the run in a folder says of itself. */
async function compare(
  at: string,
  line: TrialLine,
  summary: RunSummary,
  { sweep }: SweepFile,
  found: Findings,
): Promise<void> {
  try {
    const difference = differenceOf(line, await recordedResult(at, summary, sweep.objective));
    if (difference !== undefined) {
      found.changed.push(`${at}: trial ${line.trial} of ${sweepFiles.trials} has other ${difference}`);
    }
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    found.absent.push(error.message);
  }
}

async function summaryOf(at: string, found: Findings): Promise<RunSummary | undefined> {
  try {
    const { summary, changed } = await readSummaryAsIs(at);
    found.changed.push(...changed);
    return summary;
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    found.absent.push(error.message);
    return undefined;
  }
}

/** @throws LockstepError `data` if a training has seen other data */
async function checkData(line: TrialLine, { folder, dataset, dataSha256 }: InspectOptions): Promise<void> {
  if (line.run === '') return;
  const { summary } = await readSummaryAsIs(join(folder, line.run)).catch(() => ({ summary: undefined }));
  if (!summary) return;
  refuseOtherData(dataset, 'the data of the sweep', { expected: summary.dataSha256, got: dataSha256 });
}

/** results.csv has a row for each trial; if the sweep is not at its end, those that it had then. */
async function inspectResults(
  results: readonly TrialResult[],
  complete: boolean,
  { folder, file }: InspectOptions,
  found: Findings,
): Promise<void> {
  const path = join(folder, sweepFiles.results);
  const expected = resultsText(file, results);
  if (complete) {
    await same(path, expected, found);
    return;
  }
  const text = await readText(path).catch(() => '');
  const known = new Set(expected.split('\n').map(withoutRank));
  const strange = text.split('\n').findIndex((row) => row !== '' && !known.has(withoutRank(row)));
  if (strange >= 0) found.changed.push(`${path}: line ${strange + 1} is not what ${sweepFiles.trials} gives`);
}

const withoutRank = (row: string) => row.slice(row.indexOf(','));

/** Looks at best.yaml, and at the runs of the winner. */
async function inspectWinner(winner: TrialResult, options: InspectOptions, found: Findings): Promise<void> {
  const { folder, file, dataSha256 } = options;
  const trial = makeTrial(file, winner.number, winner.parameters, dataSha256);
  await same(join(folder, sweepFiles.best), canonicalText(trial.runs[0]!.experiment), found);
  for (const [i, at] of winnerFolders(folder, trial).entries()) {
    const summary = await summaryOf(at, found);
    if (!summary) continue;
    add(found, await inspectFiles(at, summary));
    await same(join(at, runFiles.config), canonicalText(trial.runs[i]!.experiment), found);
    await compare(at, winner.lines[i]!, summary, file, found);
  }
}

async function same(path: string, expected: string, found: Findings): Promise<void> {
  const text = await readText(path).catch((error: NodeJS.ErrnoException) => {
    const got = error.code === 'ENOENT' ? 'no such file' : error.message;
    found.absent.push(`${path}: expected a file of the sweep, got ${got}`);
  });
  if (text === undefined || text === expected) return;
  const [a, b] = [text.split('\n'), expected.split('\n')];
  const at = b.findIndex((line, i) => line !== a[i]);
  found.changed.push(`${path} was changed: line ${(at < 0 ? b.length : at) + 1} is another`);
}

function add(found: Findings, { absent, changed }: Findings): void {
  found.absent.push(...absent);
  found.changed.push(...changed);
}
