/** Finds the file of a sweep, and reads it together with the experiment that it names. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { namedSources } from '../experiment/data-settings.ts';
import type { Override } from '../experiment/setting-path.ts';
import { LockstepError } from '../foundation/errors.ts';
import { readSweepText, sweepFiles } from '../sweep/folder.ts';
import { readSweep, type SweepFile } from '../sweep/read.ts';
import { findExperiment, shownPath } from './find-experiment.ts';
import { nameOfFile } from './name-of-file.ts';

/**
 * Reads a sweep by path or name, with overrides. A data path in it is relative to its file, and becomes
 * absolute.
 */
export function openSweep(name: string, overrides: readonly Override[]): SweepFile {
  const path = findExperiment(name);
  const text = readFileSync(path, 'utf8');
  let experimentPath = path;
  const read = (more: readonly Override[]) =>
    readSweep(text, {
      file: shownPath(path),
      name: nameOfFile(path),
      overrides: [...overrides, ...more],
      open(wanted) {
        experimentPath = findBeside(path, wanted) ?? findExperiment(wanted);
        return {
          text: readFileSync(experimentPath, 'utf8'),
          file: shownPath(experimentPath),
          name: nameOfFile(experimentPath),
        };
      },
    });
  const file = read([]);
  const { source } = file.base.experiment.data;
  if (namedSources.includes(source)) return file;
  const given = overrides.find((override) => override.path === 'data.source');
  const folder = given ? '.' : dirname(file.dataOf === 'sweep' ? path : experimentPath);
  const place = {
    path: 'data.source',
    value: resolve(folder, source),
    origin: given?.origin ?? 'data.source',
  };
  return read([place]);
}

/**
 * Reads the sweep of a folder that `train sweep` wrote.
 *
 * @throws LockstepError `checkpoint` if the file is absent, or not as it was written
 */
export async function openSweepOf(folder: string): Promise<SweepFile> {
  await readSweepText(folder);
  try {
    return openSweep(join(folder, sweepFiles.sweep), []);
  } catch (error) {
    // Nobody has made a mistake in it: it is damaged, or of another version.
    if (!(error instanceof LockstepError) || error.code !== 'usage') throw error;
    throw new LockstepError('checkpoint', error.message.split('\n'));
  }
}

/** The experiment at a path relative to the file, if there is one. */
function findBeside(path: string, name: string): string | undefined {
  return ['', '.yaml', '.yml']
    .map((ending) => join(dirname(path), name + ending))
    .find((file) => existsSync(file) && statSync(file).isFile());
}
