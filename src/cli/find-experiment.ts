/** Finds an experiment by path or name, and reads it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { namedSources } from '../experiment/data-settings.ts';
import { type ReadExperiment, readExperiment } from '../experiment/read.ts';
import type { Override } from '../experiment/setting-path.ts';
import { LockstepError, nearest } from '../foundation/errors.ts';
import { shellWord } from '../foundation/shell-word.ts';
import { called } from './called.ts';
import { commandNames } from './commands.ts';
import { warn } from './console.ts';
import { nameOfFile } from './name-of-file.ts';

/** The experiments that come with the package. dist/src/cli/ is three folders below its root. */
export const shipped = fileURLToPath(new URL('../../../experiments', import.meta.url));

/** The path of an experiment: a YAML file, or a name under `experiments/` here or in the package. */
export function findExperiment(name: string): string {
  // Messages call a file of the package experiments/NAME.yaml, see `shownPath`.
  const folders = [
    '.',
    'experiments',
    shipped,
    ...(name.startsWith('experiments/') ? [dirname(shipped)] : []),
  ];
  for (const folder of folders) {
    for (const ending of ['', '.yaml', '.yml']) {
      const file = isAbsolute(name) ? name + ending : join(folder, name + ending);
      if (existsSync(file) && statSync(file).isFile()) return ending === '' ? refuseData(file) : file;
    }
  }
  throw new LockstepError('usage', {
    where: 'experiment',
    expected: 'a YAML file, or a name under experiments/',
    ...instead(name),
  });
}

/** Refuses a file that is no experiment by its name, as people give it who have data and no experiment. */
function refuseData(file: string): string {
  if (!/\.(csv|tsv|txt|gz|npz|npy|png|jpe?g|zip|parquet|xlsx|mat|h5|hdf5|pkl)$/i.test(file)) return file;
  throw new LockstepError('usage', {
    where: 'experiment',
    expected: 'a YAML file, or a name under experiments/',
    got: JSON.stringify(file),
    hint: `if these are your data, write \`${called} --data ${shellWord(file)}\``,
  });
}

/** What a name is that names no experiment, and what may have been meant. */
function instead(name: string): { got: string; hint: string } {
  const found = statSync(name, { throwIfNoEntry: false });
  if (found && !found.isDirectory() && !found.isFile()) {
    return { got: `${JSON.stringify(name)}, which is no ordinary file`, hint: 'put the text into a file' };
  }
  if (found) {
    const got = `${JSON.stringify(name)}, a folder`;
    if (existsSync(join(name, 'trials.jsonl'))) {
      return {
        got,
        hint: `it is that of a sweep; \`${called} sweep ${join(name, 'sweep.yaml')} --out ${name}\` goes on`,
      };
    }
    if (existsSync(join(name, 'config.yaml'))) {
      return {
        got,
        hint: `it is that of a run; \`${called} ${shellWord(join(name, 'config.yaml'))}\` trains it anew`,
      };
    }
    return { got, hint: `if these are your data, write \`${called} --data ${shellWord(name)}\`` };
  }
  const names = experimentNames();
  const isFile = /\.ya?ml$/.test(name);
  const got = isFile ? `${JSON.stringify(name)}, and there is no such file` : JSON.stringify(name);
  const beside = isFile ? filesBeside(name) : [];
  const meant = nearest(name, [...names, ...beside]);
  if (meant) return { got, hint: `did you mean "${meant}"?` };
  // A misspelt command looks like the name of an experiment.
  const command = nearest(name, commandNames);
  if (command) return { got, hint: `did you mean \`train ${command}\`?` };
  if (!isFile) return { got, hint: `there are: ${names.join(', ')}` };
  const here = beside.slice(0, 8).join(', ');
  return { got, hint: here ? `there are: ${here}` : `${dirname(name)} has no YAML file` };
}

/** The YAML files in the folder that a path names. */
function filesBeside(path: string): string[] {
  const folder = dirname(path);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => join(folder, file));
}

/** The names of the experiments that come with the package, and of those under `experiments/` here. */
export function experimentNames(): string[] {
  return [...new Set([...namesIn('experiments'), ...namesIn(shipped)])].sort();
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
    name: nameOfFile(path),
    overrides,
  });
  for (const note of read.notes) warn(note);
  const { data } = read.experiment;
  const replaced = overrides.some(({ path }) => path === 'data.source');
  // It says where to get what the file names.
  if (replaced) delete data.from;
  const from = (setting: string) => (overrides.some(({ path }) => path === setting) ? '.' : dirname(path));
  if (!namedSources.includes(data.source)) data.source = resolve(replaced ? '.' : dirname(path), data.source);
  if (data.test !== undefined) data.test = resolve(from('data.test'), data.test);
  return read;
}
