/**
 * The folder of a sweep: its files, and a lock that keeps a second sweep from writing into it.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createObjectCsvStringifier } from 'csv-writer';
import { parse, stringify } from 'yaml';
import { canonicalText, type Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { readText } from '../platform/files.ts';
import { didYouMean } from '../platform/meant-path.ts';
import { folderAt } from '../run/files-of-run.ts';
import { fileInside, insideFolder } from '../run/inside-folder.ts';
import { acquireLock, isOfLock, type Lock, lockFile } from '../run/lock.ts';
import { makeFolder, writeWhole } from '../run/write-whole.ts';
import { ranked } from './ranking.ts';
import type { SweepFile } from './read.ts';
import { sealOf, sweepText } from './sweep-text.ts';
import type { TrialResult } from './trial.ts';
import { readTrials } from './trials-file.ts';

/** Names of the files in a sweep's folder. */
export const sweepFiles = {
  /** The sweep with every setting. `train sweep` can run it again. */
  sweep: 'sweep.yaml',
  trials: 'trials.jsonl',
  results: 'results.csv',
  /** The experiment of the winner. */
  best: 'best.yaml',
  /** The winner's run, with its figures on the test set. */
  bestRun: 'best',
  /** One page with everything, for people. */
  report: 'report.html',
  /** The name of the sweep in queues, as long as something of it may lie in one. */
  queue: 'queue.txt',
  lock: lockFile,
} as const;

/** The folder of the trainings, one folder each. */
export const trialsFolder = 'trials';

/**
 * Makes the folder or enters it, and keeps other sweeps out until it is released.
 *
 * @throws LockstepError `usage` if the folder is somebody else's, or another sweep is at work in it;
 *   `checkpoint` if something in it leads out of it, or trials.jsonl is damaged
 */
export async function enterFolder(folder: string): Promise<Lock> {
  await makeFolder(folder).catch((error: LockstepError) => {
    const { code } = error.cause as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new LockstepError('usage', { where: folder, expected: 'a folder', got: 'a file' });
  });
  // Before the lock, so that nothing is written among the files of others.
  await refuseForeign(folder);
  const lock = await acquireLock(folder, { what: 'a sweep' });
  try {
    await refuseForeign(folder);
    await refuseLinks(folder);
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Refuses a folder that holds anything, and is not that of a sweep. */
async function refuseForeign(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !isOfLock(name) && !/\.\d+\.tmp$/.test(name));
  if (names.length === 0) return;
  const others = names.filter((name) => name !== sweepFiles.trials).sort();
  if (names.length > others.length) {
    const begun = await readTrials(await fileInside(folder, sweepFiles.trials));
    // A sweep makes trials.jsonl first, then sweep.yaml, and then the rest.
    if (begun.size > 0 || others.length === 0 || (await sealIn(folder)) !== 'none') return;
  }
  const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
  throw new LockstepError('usage', {
    where: folder,
    expected: 'a new or empty folder, or that of a sweep',
    got: `one that holds ${others[0]}${more}, and no trials`,
    hint: 'choose another with --out',
  });
}

/**
 * Refuses a folder in which a link leads out of it, or something else stands in the place of a file, where a
 * sweep reads or writes.
 *
 * @throws LockstepError `checkpoint`
 */
export async function refuseLinks(folder: string): Promise<void> {
  for (const name of Object.values(sweepFiles)) {
    if (name === sweepFiles.bestRun) await insideFolder(folder, name);
    else if (name !== sweepFiles.lock) await fileInside(folder, name);
  }
  const trials = await folderAt(folder, trialsFolder);
  for (const name of trials === undefined ? [] : await readdir(trials)) {
    await insideFolder(folder, `${trialsFolder}/${name}`);
  }
  if ((await folderAt(folder, sweepFiles.bestRun)) === undefined) return;
  for (const name of await readdir(join(folder, sweepFiles.bestRun))) {
    await insideFolder(folder, `${sweepFiles.bestRun}/${name}`);
  }
}

/** The text of a sweep's own sweep.yaml. */
export async function readSweepText(folder: string): Promise<string> {
  const file = await fileInside(folder, sweepFiles.sweep);
  const text = await readText(file).catch((error: NodeJS.ErrnoException) => {
    throw new LockstepError('checkpoint', {
      where: file,
      expected: 'the file of a sweep',
      got: error.code === 'ENOENT' ? 'no such file' : error.message,
      hint: 'name a folder that `train sweep` wrote',
      ...(error.code === 'ENOENT' && !existsSync(folder) ? didYouMean(folder) : {}),
    });
  });
  if (sealOf(text) === 'changed') throw changed(file);
  return text;
}

async function sealIn(folder: string): Promise<ReturnType<typeof sealOf>> {
  const file = await fileInside(folder, sweepFiles.sweep);
  return sealOf(await readText(file).catch(() => ''));
}

function changed(file: string): LockstepError {
  return new LockstepError('checkpoint', {
    where: file,
    expected: 'the file as `train sweep` wrote it',
    got: 'one that was changed',
    hint: 'move it out of the folder, and name it to run it as it is now; the sweep writes its own again',
  });
}

/**
 * Writes the sweep into its folder. Refuses if the folder belongs to a sweep with another objective, or if
 * the file that is there is not one that a sweep wrote.
 */
export async function writeSweep(folder: string, file: SweepFile): Promise<void> {
  const path = join(folder, sweepFiles.sweep);
  const before = await readText(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new LockstepError('checkpoint', `${path}: cannot be read: ${error.message}`);
  });
  if (before !== undefined) {
    const seal = sealOf(before);
    if (seal === 'changed' || (seal === 'none' && !isPlain(before))) throw changed(path);
    const former: unknown = parse(before).sweep?.metric?.name;
    const { name } = file.sweep.objective;
    if (former !== undefined && former !== name) {
      throw new LockstepError('usage', {
        where: folder,
        expected: `the folder of a sweep for ${name}`,
        got: `that of one for ${String(former)}`,
        hint: 'choose another with --out',
      });
    }
  }
  await put(path, sweepText(file));
}

/** Whether the text is what 0.1.0 wrote: the settings alone, so that nothing is lost with it. */
function isPlain(text: string): boolean {
  try {
    return stringify(parse(text), { lineWidth: 0 }) === text && text.includes('\nsweep:\n');
  } catch {
    return false;
  }
}

/** Writes a file as a whole. */
async function put(file: string, text: string): Promise<void> {
  await writeWhole(file, [text]).catch((error: Error) => {
    if (error instanceof LockstepError) throw error;
    throw new LockstepError('failed', `${file}: cannot be written: ${error.message}`);
  });
}

/** Writes results.csv. */
export async function writeResults(
  folder: string,
  file: SweepFile,
  results: readonly TrialResult[],
): Promise<void> {
  await put(join(folder, sweepFiles.results), resultsText(file, results));
}

/** results.csv: a row a trial, the best first. It holds no times, so that `cmp` can compare sweeps. */
export function resultsText(
  { sweep: { objective, dimensions, seeds } }: SweepFile,
  results: readonly TrialResult[],
): string {
  const { name } = objective;
  const paths = dimensions.map(({ path }) => path);
  const columns = [
    ...['rank', 'trial', 'status', 'epochs', name],
    ...(seeds > 1 ? [`${name}_sd`] : []),
    ...paths,
    ...['weightsSha256', 'run', 'message'],
  ];
  const csv = createObjectCsvStringifier({ header: columns.map((id) => ({ id, title: id })) });
  const rows = ranked(objective, results).map((result, i) => ({
    ...Object.fromEntries(paths.map((path) => [path, cell(result.parameters[path])])),
    rank: i + 1,
    trial: result.number,
    status: result.status,
    epochs: result.epochs,
    [name]: Number.isNaN(result.value) ? '' : result.value,
    [`${name}_sd`]: Number.isNaN(result.deviation) ? '' : result.deviation,
    weightsSha256: result.lines[0]!.weightsSha256 ?? '',
    run: result.lines[0]!.run,
    message: result.lines.find(({ message }) => message)?.message ?? '',
  }));
  return csv.getHeaderString()! + csv.stringifyRecords(rows);
}

/** A value as a cell: text and numbers unchanged, everything else as JSON. */
function cell(value: unknown): string | number {
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

/** Writes the winner as an experiment that can be run. */
export async function writeBest(folder: string, experiment: Experiment): Promise<void> {
  await put(join(folder, sweepFiles.best), canonicalText(experiment));
}
