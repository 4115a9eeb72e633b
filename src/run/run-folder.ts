/**
 * The folder of a run: what is written where, and how a run is found again.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metrics } from '../contracts/figures.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { canonicalText } from '../experiment/experiment.ts';
import { readExperiment } from '../experiment/read.ts';
import { LockstepError } from '../foundation/errors.ts';
import { writeWhole } from './write-whole.ts';

/** Names of the files in a run folder. */
export const runFiles = {
  config: 'config.yaml',
  metrics: 'metrics.csv',
  timing: 'timing.csv',
  confusion: 'confusion.csv',
  summary: 'summary.json',
  weights: join('checkpoints', 'last.safetensors'),
  best: join('checkpoints', 'best.safetensors'),
  /** For people: one page with everything, to be opened in a browser. */
  report: 'report.html',
  /** With --profile. */
  profile: 'profile.csv',
  trace: 'trace.json',
  /** Of a training of several seeds, in the folder around the runs. */
  seeds: 'seeds.csv',
} as const;

/** What a run came to, for people and for programs: summary.json. */
export interface RunSummary {
  experiment: string;
  seed: number;
  threads: number;
  /** Of them, those that took part in the end: no more than there are cores, or than helped. */
  activeThreads: number;
  /** Whole epochs done. */
  epochs: number;
  parameters: number;
  weightsSha256: string;
  dataSha256: string;
  /** Pixels of an image, and classes: what the network is made for. */
  height: number;
  width: number;
  classes: number;
  /** Figures on the test set; null when the run was stopped before its end. */
  test: Metrics | null;
  /** Wall time from the start of the command to the end of the training. */
  seconds: number;
  stopped: boolean;
  /** Ended by early stopping. */
  stoppedEarly: boolean;
  /** When the validation figure was best: what checkpoints/best.safetensors holds. Null without validation. */
  bestEpoch: number | null;
  /** The checkpoint whose digest is weightsSha256, and whose test figures these are: `best` with early stopping. */
  result: 'last' | 'best';
  /** Updates done. */
  steps: number;
  /** Digest of everything that determines the bits, the data aside. */
  fingerprint: string;
  kernels: string;
  lockstep: string;
  node: string;
  platform: string;
}

/**
 * Makes the folder of a new run: `out` exactly, else `runs/<name>-<timestamp>`. Throws when `out` holds
 * anything: what was written before is never lost.
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

/** Writes the resolved experiment into a new folder, and makes room for checkpoints. */
export async function writeConfig(folder: string, experiment: Experiment): Promise<void> {
  await makeFolder(join(folder, 'checkpoints'));
  await writeWhole(join(folder, runFiles.config), [canonicalText(experiment)]);
}

export async function writeSummary(folder: string, summary: RunSummary): Promise<void> {
  await writeWhole(join(folder, runFiles.summary), [`${JSON.stringify(summary, null, 2)}\n`]);
}

/** A run that was written before. */
export interface FinishedRun {
  experiment: Experiment;
  summary: RunSummary;
  /** metrics.csv as it stands. */
  metrics: string;
}

/** Reads a run folder. Throws a LockstepError that names the file that is missing or bad. */
export async function readRun(folder: string): Promise<FinishedRun> {
  const text = (name: string) =>
    readFile(join(folder, name), 'utf8').catch(() => {
      throw new LockstepError('checkpoint', {
        where: join(folder, name),
        expected: 'a file of a finished run',
        got: 'no such file',
        hint: 'name a folder that `train` wrote',
      });
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
