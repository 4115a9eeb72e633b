/**
 * The folder around several trainings of one experiment: seeds, or folds. It holds the experiment of the
 * first as config.yaml, and parts.json says how many there are to be, so that an interruption can be made
 * good.
 */
import { join } from 'node:path';
import { canonicalText, type Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { limits } from '../foundation/limits.ts';
import { runFiles } from './run-files.ts';
import { readText } from './run-folder.ts';
import { writeWhole } from './write-whole.ts';

export interface Parts {
  kind: 'seed' | 'fold';
  count: number;
}

/** Writes what the folder is for, see newRunFolder. */
export async function writeParts(folder: string, experiment: Experiment, parts: Parts): Promise<void> {
  await writeWhole(join(folder, runFiles.config), [canonicalText(experiment)]);
  await writeWhole(join(folder, runFiles.parts), [`${JSON.stringify(parts)}\n`]);
}

/** The folders of the parts, in order. */
export function partFolders(folder: string, { seed }: Experiment, { kind, count }: Parts): string[] {
  const first = kind === 'seed' ? seed : 1;
  return Array.from({ length: count }, (_, i) => join(folder, `${kind}-${first + i}`));
}

/** The experiment of a part, by its index: of a seed the next seed, of a fold the next test set. */
export function partExperiment(experiment: Experiment, { kind, count }: Parts, index: number): Experiment {
  if (kind === 'seed') return { ...experiment, seed: experiment.seed + index };
  return { ...experiment, data: { ...experiment.data, fold: { number: index + 1, of: count } } };
}

/** Undefined: it is the folder of something else. */
export async function readParts(folder: string): Promise<Parts | undefined> {
  const text = await readText(folder, runFiles.parts);
  if (text === undefined) return undefined;
  let parts: Partial<Parts> | null = null;
  try {
    parts = JSON.parse(text);
  } catch {
    // It is no object then.
  }
  const { kind, count } = parts ?? {};
  if (
    (kind === 'seed' || kind === 'fold') &&
    Number.isSafeInteger(count) &&
    count! > 0 &&
    count! <= limits.parts
  ) {
    return { kind, count: count! };
  }
  throw new LockstepError('checkpoint', {
    where: join(folder, runFiles.parts),
    expected: 'how many seeds or folds there are',
    got: 'something else',
    hint: 'the file is damaged',
  });
}
