/** Finds an experiment by path or name, and reads it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ReadExperiment, readExperiment } from '../experiment/read.ts';
import type { Override } from '../experiment/setting-path.ts';
import { LockstepError, nearest } from '../foundation/errors.ts';
import { warn } from './console.ts';

/** The experiments that come with the package. dist/src/cli/ is three folders below its root. */
const shipped = fileURLToPath(new URL('../../../experiments', import.meta.url));

/** The commands, because a misspelt command looks like the name of an experiment. */
const commands = [
  ...['augment', 'completion', 'data', 'evaluate', 'explain', 'gradcheck'],
  ...['predict', 'report', 'sweep', 'verify'],
];

/** The path of an experiment: a YAML file, or a name under `experiments/` here or in the package. */
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

/** A file's name for messages: files that came with the package are named without the way to it. */
export function shownPath(path: string): string {
  return path.startsWith(shipped) ? join('experiments', relative(shipped, path)) : path;
}

/** Reads an experiment with overrides. A data path in it is relative to its file, and becomes absolute. */
export function openExperiment(name: string, overrides: readonly Override[]): ReadExperiment {
  const path = findExperiment(name);
  const read = readExperiment(readFileSync(path, 'utf8'), {
    file: shownPath(path),
    name: basename(path, extname(path)),
    overrides,
  });
  for (const note of read.notes) warn(note);
  const { data } = read.experiment;
  const replaced = overrides.some(({ path }) => path === 'data.source');
  // It says where to get what the file names.
  if (replaced) delete data.from;
  if (data.source !== 'mnist') data.source = resolve(replaced ? '.' : dirname(path), data.source);
  return read;
}
