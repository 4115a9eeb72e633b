/**
 * The folder of a sweep: its files, and a lock that keeps a second sweep from writing into it.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createObjectCsvStringifier } from 'csv-writer';
import { parse, stringify } from 'yaml';
import { canonicalText, type Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { writeWhole } from '../run/write-whole.ts';
import { ranked } from './ranking.ts';
import type { SweepFile } from './read.ts';
import type { SweepBlock } from './schema.ts';
import type { TrialResult } from './trial.ts';

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
  lock: 'lock',
} as const;

/** Makes the folder or enters it, and keeps other sweeps out until it is released. */
export async function enterFolder(folder: string): Promise<{ release(): Promise<void> }> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw new LockstepError('failed', `${folder}: cannot be written: ${(error as Error).message}`);
  });
  const file = join(folder, sweepFiles.lock);
  const mine = `${process.pid} ${hostname()}`;
  for (;;) {
    try {
      await writeFile(file, mine, { flag: 'wx' });
      return { release: () => rm(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new LockstepError('failed', `${file}: cannot be written: ${(error as Error).message}`);
      }
    }
    const holder = await readFile(file, 'utf8').catch(() => '');
    const [pid, host] = holder.split(' ');
    if (host === hostname() && Number(pid) !== process.pid && isAlive(Number(pid))) {
      throw new LockstepError('usage', {
        where: folder,
        expected: 'a folder that no other sweep is at work in',
        got: `that of process ${pid}`,
        hint: `wait for it, or choose another with --out`,
      });
    }
    // The process was killed, and its number may now be another's: the lock belongs to nobody.
    await rm(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is such a process, but we may not signal it.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Writes the sweep into its folder. Refuses if the folder belongs to a sweep with another objective. */
export async function writeSweep(folder: string, { sweep, written }: SweepFile): Promise<void> {
  const file = join(folder, sweepFiles.sweep);
  const before = await readFile(file, 'utf8').catch(() => undefined);
  const former = before && (parse(before) as { sweep?: Partial<SweepBlock> } | null)?.sweep?.metric?.name;
  if (former && former !== sweep.objective.name) {
    throw new LockstepError('usage', {
      where: folder,
      expected: `the folder of a sweep for ${sweep.objective.name}`,
      got: `that of one for ${former}`,
      hint: 'choose another with --out',
    });
  }
  const block = { ...sweep.block, name: sweep.name, metric: sweep.objective };
  await writeWhole(file, [stringify({ ...written, sweep: block }, { lineWidth: 0 })]);
}

/** Writes results.csv: a row a trial, the best first. It holds no times, so that `cmp` can compare sweeps. */
export async function writeResults(
  folder: string,
  { sweep: { objective, dimensions, seeds } }: SweepFile,
  results: readonly TrialResult[],
): Promise<void> {
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
  await writeWhole(join(folder, sweepFiles.results), [csv.getHeaderString()! + csv.stringifyRecords(rows)]);
}

/** A value as a cell: text and numbers unchanged, everything else as JSON. */
function cell(value: unknown): string | number {
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

/** Writes the winner as an experiment that can be run. */
export async function writeBest(folder: string, experiment: Experiment): Promise<void> {
  await writeWhole(join(folder, sweepFiles.best), [canonicalText(experiment)]);
}
