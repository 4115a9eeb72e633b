/** Finds an experiment by path or by name, and reads it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ReadExperiment, readExperiment } from '../experiment/read.ts';
import type { Override } from '../experiment/setting-path.ts';
import { LockstepError, nearest } from '../foundation/errors.ts';

/** The experiments that come with the package: dist/src/cli/ is three folders below it. */
const shipped = fileURLToPath(new URL('../../../experiments', import.meta.url));

/** A misspelt command looks like the name of an experiment. */
const commands = [
  ...['augment', 'completion', 'evaluate', 'explain', 'gradcheck'],
  ...['predict', 'report', 'sweep', 'verify'],
];

/** A YAML file, or a name under `experiments/` here or in the package. */
export function findExperiment(name: string): string {
  const folders = ['.', 'experiments', shipped];
  for (const folder of folders) {
    for (const ending of ['', '.yaml', '.yml']) {
      const file = isAbsolute(name) ? name + ending : join(folder, name + ending);
      if (existsSync(file) && statSync(file).isFile()) return file;
    }
  }
  const names = [...new Set([...namesIn('experiments'), ...namesIn(shipped)])].sort();
  const command = nearest(name, commands);
  const meant = nearest(name, names);
  throw new LockstepError('usage', {
    where: 'experiment',
    expected: 'a YAML file, or a name under experiments/',
    got: JSON.stringify(name),
    hint: meant
      ? `did you mean "${meant}"?`
      : command
        ? `did you mean \`train ${command}\`?`
        : `there are: ${names.join(', ')}`,
  });
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => extname(file) === '.yaml')
    .map((file) => file.slice(0, -'.yaml'.length).replaceAll('\\', '/'));
}

/** What messages call a file: one that came with the package without the way to it. */
export function shownPath(path: string): string {
  return path.startsWith(shipped) ? join('experiments', relative(shipped, path)) : path;
}

/** Reads the experiment, with overrides. A data path in it starts at its file, and becomes absolute. */
export function openExperiment(name: string, overrides: readonly Override[]): ReadExperiment {
  const path = findExperiment(name);
  const read = readExperiment(readFileSync(path, 'utf8'), {
    file: shownPath(path),
    name: basename(path, extname(path)),
    overrides,
  });
  const { data } = read.experiment;
  const replaced = overrides.some(({ path }) => path === 'data.source');
  if (data.source !== 'mnist') data.source = resolve(replaced ? '.' : dirname(path), data.source);
  return read;
}
