/** Finds the file of a sweep, and reads it together with the experiment that it names. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Override } from '../experiment/setting-path.ts';
import { readSweep, type SweepFile } from '../sweep/read.ts';
import { findExperiment, shownPath } from './find-experiment.ts';

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
      name: nameOf(path),
      overrides: [...overrides, ...more],
      open(wanted) {
        experimentPath = findBeside(path, wanted) ?? findExperiment(wanted);
        return {
          text: readFileSync(experimentPath, 'utf8'),
          file: shownPath(experimentPath),
          name: nameOf(experimentPath),
        };
      },
    });
  const file = read([]);
  const { source } = file.base.experiment.data;
  if (source === 'mnist') return file;
  const given = overrides.find((override) => override.path === 'data.source');
  const folder = given ? '.' : dirname(file.dataOf === 'sweep' ? path : experimentPath);
  const place = {
    path: 'data.source',
    value: resolve(folder, source),
    origin: given?.origin ?? 'data.source',
  };
  return read([place]);
}

function nameOf(path: string): string {
  return basename(path, extname(path));
}

/** The experiment at a path relative to the file, if there is one. */
function findBeside(path: string, name: string): string | undefined {
  return ['', '.yaml', '.yml']
    .map((ending) => join(dirname(path), name + ending))
    .find((file) => existsSync(file) && statSync(file).isFile());
}
