/**
 * The folder of a run: its files, and how a finished run is read.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Experiment } from '../experiment/experiment.ts';
import { canonicalText } from '../experiment/experiment.ts';
import { readExperiment } from '../experiment/read.ts';
import { LockstepError } from '../foundation/errors.ts';
import { readText as textOfFile } from '../platform/files.ts';
import { fileInside } from './inside-folder.ts';
import { notARun } from './not-a-run.ts';
import { runFiles } from './run-files.ts';
import { notWritten } from './trouble.ts';
import { flushFolder, makeFolder, writeWhole } from './write-whole.ts';

export { runFiles } from './run-files.ts';

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
      throw notWritten(folder, error);
    }
    await flushFolder('runs');
    return folder;
  }
}

/** Writes the resolved experiment into a new folder, and makes the folder for checkpoints. */
export async function writeConfig(folder: string, experiment: Experiment): Promise<void> {
  await makeFolder(join(folder, 'checkpoints'));
  await writeWhole(join(folder, runFiles.config), [canonicalText(experiment)]);
}

/** The experiment of a run, as its folder has it. */
export interface RunConfig {
  experiment: Experiment;
  /** The text of config.yaml. */
  text: string;
}

/**
 * Links in a run folder must not lead out of it, and its files must be files: else nothing there is read or
 * written.
 */
export async function refuseLinksOut(folder: string): Promise<void> {
  for (const name of Object.values(runFiles)) await fileInside(folder, name);
}

/** Reads config.yaml. Throws a LockstepError that says what is wrong with it, or what the path is instead. */
export async function readConfig(folder: string): Promise<RunConfig> {
  await refuseLinksOut(folder);
  const text = await readText(folder, runFiles.config);
  if (text === undefined) throw notARun(folder);
  const file = join(folder, runFiles.config);
  try {
    return { experiment: readExperiment(text, { file, name: 'run' }).experiment, text };
  } catch (error) {
    // We wrote it, so it is no mistake in an experiment.
    if (!(error instanceof LockstepError)) throw error;
    throw new LockstepError('checkpoint', error.message.split('\n'), { cause: error });
  }
}

/** The text of a file of the run; undefined if there is none. */
export function readText(folder: string, name: string): Promise<string | undefined> {
  return textOfFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new LockstepError('checkpoint', `${join(folder, name)}: cannot be read: ${error.message}`);
  });
}
