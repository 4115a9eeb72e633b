/**
 * The folder of a run: its files, and how a finished run is read.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvaluationDetails } from '../contracts/figures.ts';
import type { Task } from '../contracts/task.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { canonicalText } from '../experiment/experiment.ts';
import { readExperiment } from '../experiment/read.ts';
import { LockstepError } from '../foundation/errors.ts';
import { notARun } from './not-a-run.ts';
import { runFiles } from './run-files.ts';
import { writeWhole } from './write-whole.ts';

export { runFiles } from './run-files.ts';

/** Figures by name; of values and flags also those of each column. */
export interface TestFigures {
  readonly loss: number;
  readonly columns?: EvaluationDetails['columns'];
  readonly [figure: string]: number | EvaluationDetails['columns'];
}

/** The result of a run, for people and programs: summary.json. */
export interface RunSummary {
  experiment: string;
  seed: number;
  threads: number;
  /** The threads that took part in the end: no more than there are cores, and only as many as helped. */
  activeThreads: number;
  /** Number of whole epochs. */
  epochs: number;
  parameters: number;
  weightsSha256: string;
  dataSha256: string;
  /** What is predicted; missing in runs of 0.1.0, which all predict classes. */
  task?: Task;
  /** Of pictures: their pixels. */
  height?: number;
  width?: number;
  channels?: number;
  /** Of classes: how many, and their names if they have any. */
  classes?: number;
  classNames?: readonly string[];
  /** Of a table: the columns that are read. */
  columns?: readonly string[];
  /** Of values and flags: what is predicted. */
  targets?: readonly string[];
  /** Figures on the test set; null if the run was stopped before its end. */
  test: TestFigures | null;
  /** Wall time from the start of the command to the end of the training. */
  seconds: number;
  stopped: boolean;
  /** Early stopping ended the training. */
  stoppedEarly: boolean;
  /** Epoch of the best validation figure and of checkpoints/best.safetensors. Null without validation. */
  bestEpoch: number | null;
  /** The checkpoint that weightsSha256 and the test figures belong to: `best` with early stopping. */
  result: 'last' | 'best';
  /** Number of updates. */
  steps: number;
  /** Digest of all that determines the bits, except the data. */
  fingerprint: string;
  kernels: string;
  lockstep: string;
  node: string;
  platform: string;
}

/**
 * Makes the folder of a new run: `out` if given, otherwise `runs/<name>-<timestamp>`. Throws if `out` is not
 * empty, so that nothing is overwritten.
 */
export async function createRunFolder(out: string | undefined, name: string, now: Date): Promise<string> {
  if (out !== undefined) {
    const entries = await readdir(out).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new LockstepError('usage', {
        where: `--out ${out}`,
        expected: 'a folder',
        got: error.code === 'ENOTDIR' ? 'a file' : error.message,
      });
    });
    if (entries.length > 0) {
      throw new LockstepError('usage', {
        where: `--out ${out}`,
        expected: 'a new or empty folder',
        got: `one that holds ${entries.length === 1 ? entries[0] : `${entries.length} files`}`,
        hint: 'choose another, or remove it',
      });
    }
    await makeFolder(out);
    return out;
  }
  await makeFolder('runs');
  const stamp = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  for (let attempt = 1; ; attempt++) {
    const folder = join('runs', `${name}-${stamp}${attempt > 1 ? `-${attempt}` : ''}`);
    try {
      await mkdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw notWritable(folder, error);
    }
    return folder;
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw notWritable(folder, error);
  });
}

function notWritable(folder: string, error: unknown): LockstepError {
  return new LockstepError('failed', `${folder}: cannot be written: ${(error as Error).message}`);
}

/** Writes the resolved experiment into a new folder, and makes the folder for checkpoints. */
export async function writeConfig(folder: string, experiment: Experiment): Promise<void> {
  await makeFolder(join(folder, 'checkpoints'));
  await writeWhole(join(folder, runFiles.config), [canonicalText(experiment)]);
}

export async function writeSummary(folder: string, summary: RunSummary): Promise<void> {
  await writeWhole(join(folder, runFiles.summary), [`${JSON.stringify(summary, null, 2)}\n`]);
}

/** A finished run, read from its folder. */
export interface FinishedRun {
  experiment: Experiment;
  summary: RunSummary;
  /** The text of metrics.csv. */
  metrics: string;
}

/** Reads a run folder. Throws a LockstepError that names the bad file, or says what the path is instead. */
export async function readRun(folder: string): Promise<FinishedRun> {
  const text = (name: string) =>
    readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw notARun(folder);
      throw new LockstepError('checkpoint', `${join(folder, name)}: cannot be read: ${error.message}`);
    });
  const file = join(folder, runFiles.config);
  const { experiment } = readExperiment(await text(runFiles.config), { file, name: 'run' });
  const summaryText = await text(runFiles.summary);
  let summary: RunSummary;
  try {
    summary = JSON.parse(summaryText);
  } catch (error) {
    throw new LockstepError('checkpoint', {
      where: join(folder, runFiles.summary),
      expected: 'JSON',
      got: (error as Error).message,
    });
  }
  return { experiment, summary, metrics: await text(runFiles.metrics) };
}
