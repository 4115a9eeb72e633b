/** Which checkpoint of a run counts: the newest that is whole. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { notARun } from './not-a-run.ts';
import { runFiles } from './run-files.ts';
import type { RunSummary } from './summary.ts';

export interface Chosen {
  checkpoint: Checkpoint;
  /** What a user should know of the choice, such as that a file is damaged. */
  doubts: readonly string[];
}

/**
 * The checkpoint with the weights that count: the one that summary.json names, or of a training that did not
 * come to its end, the newest; with early stopping, the best.
 *
 * @param damaged summary.json is there, but nobody can believe it
 * @throws LockstepError `checkpoint` if none is whole
 */
export async function resultCheckpoint(
  folder: string,
  { earlyStopping }: Experiment,
  summary: RunSummary | undefined,
  damaged = false,
): Promise<Chosen> {
  const best = summary ? summary.result === 'best' : earlyStopping !== undefined;
  const last = [runFiles.weights, runFiles.previous];
  const names = best ? [runFiles.best, ...last] : [...last, runFiles.best];
  const { checkpoint, faults } = await firstWhole(folder, names, (found, name) => {
    // Only the first is the one that the summary is about.
    if (name === names[0] && summary) checkSummary(found, summary);
  });
  const ended = summary !== undefined && !summary.stopped;
  if (ended && faults.length === 0) return { checkpoint, doubts: [] };
  const epoch = Number(checkpoint.epochs.toFixed(2));
  const why = ended || damaged ? '' : 'the training did not come to its end: ';
  return {
    checkpoint,
    doubts: [
      ...faults.map(({ message }) => message),
      `${why}these are the weights of epoch ${epoch}, from ${checkpoint.file}`,
    ],
  };
}

/** The files that a training writes to go on from, the newest first. */
export const ownFiles: readonly string[] = [runFiles.weights, runFiles.previous];

/**
 * The checkpoints from which a training can go on, the newest first: each with what is wrong with it, or
 * whole.
 */
export async function* positions(
  folder: string,
  files: readonly string[],
): AsyncGenerator<{ checkpoint?: Checkpoint; fault?: LockstepError }> {
  for (const name of files) {
    const file = join(folder, name);
    if (!existsSync(file)) continue;
    try {
      const checkpoint = await readCheckpoint(file);
      if (!checkpoint.position) throw withoutPosition(file);
      yield { checkpoint };
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      yield { fault: error };
    }
  }
}

function withoutPosition(where: string): LockstepError {
  return new LockstepError('checkpoint', {
    where,
    expected: 'a checkpoint that can be gone on from',
    got: 'one of Lockstep 0.1, which holds the weights alone',
  });
}

/** The first of these files that is whole, and what is wrong with those before it. */
async function firstWhole(
  folder: string,
  names: readonly string[],
  check: (checkpoint: Checkpoint, name: string) => void,
): Promise<{ checkpoint: Checkpoint; faults: LockstepError[] }> {
  const faults: LockstepError[] = [];
  for (const name of names) {
    const file = join(folder, name);
    // The last one is missing for the moment in which it takes the place of the one before.
    if (!existsSync(file)) continue;
    try {
      const checkpoint = await readCheckpoint(file);
      check(checkpoint, name);
      return { checkpoint, faults };
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      faults.push(error);
    }
  }
  throw faults[0] ?? notARun(folder);
}

function checkSummary({ file, weightsSha256 }: Checkpoint, summary: RunSummary): void {
  if (summary.weightsSha256 === weightsSha256) return;
  throw new LockstepError('checkpoint', {
    where: file,
    expected: `weights of sha256 ${summary.weightsSha256}, as ${runFiles.summary} says`,
    got: `sha256 ${weightsSha256}`,
    hint: 'the file is damaged, or of another run',
  });
}
