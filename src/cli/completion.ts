/** What the shell completes beside commands and options: experiments and run folders. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandNames } from './commands.ts';
import { experimentNames } from './find-experiment.ts';

/** What a command's first word names. */
const takes: Readonly<Record<string, 'experiment' | 'run'>> = {
  ...Object.fromEntries(
    ['explain', 'gradcheck', 'augment', 'sweep'].map((name) => [name, 'experiment'] as const),
  ),
  ...Object.fromEntries(
    ['resume', 'verify', 'evaluate', 'predict', 'report', 'export', 'serve', 'watch'].map(
      (name) => [name, 'run'] as const,
    ),
  ),
};

/** @param given `... --get-yargs-completions train resume runs/`; the last word is being written */
export function completions(given: readonly string[]): string[] {
  const [, ...words] = given.slice(given.indexOf('--get-yargs-completions') + 1);
  const current = words.at(-1) ?? '';
  // After an option comes its value.
  if (words.at(-2)?.startsWith('-')) return [];
  const before = words.slice(0, -1).filter((word) => !word.startsWith('-'));
  const [command] = before;
  const wanted = command === undefined ? 'experiment' : takes[command];
  if (wanted === undefined || current.startsWith('-')) return [];
  // Most commands take one. Reports compare several.
  if (before.length > 1 && command !== 'report') return [];
  const names = wanted === 'experiment' ? experimentsNear(current) : runsNear(current);
  return [...new Set(names)].filter((name) => name.startsWith(current));
}

/** Options for a command line that names no command: it trains. `of` has their names. */
export function namelessOptions(given: readonly string[], of: () => readonly string[]): string[] {
  const [, ...words] = given.slice(given.indexOf('--get-yargs-completions') + 1);
  const current = words.at(-1) ?? '';
  if (!current.startsWith('-') || words.some((word) => commandNames.includes(word))) return [];
  return of()
    .filter((name) => name.length > 1 && !/[A-Z]/.test(name))
    .map((name) => `--${name}`)
    .filter((option) => option.startsWith(current));
}

/** Names of experiments, and the YAML files where the word points to. */
function experimentsNear(current: string): string[] {
  const files = entriesAt(current).filter(({ name, folder }) => !folder && /\.ya?ml$/.test(name));
  return [...experimentNames(), ...files.map(({ path }) => path)];
}

/** Runs and sweeps where the word points to, and under runs/. */
function runsNear(current: string): string[] {
  const has = (path: string, ...names: string[]) => names.some((name) => existsSync(join(path, name)));
  const ours = (path: string) =>
    has(path, 'trials.jsonl') || (has(path, 'config.yaml') && has(path, 'checkpoints', 'parts.json'));
  return [...entriesAt(current), ...entriesAt('runs/')]
    .filter(({ folder, path }) => folder && ours(path))
    .map(({ path }) => path);
}

interface Entry {
  name: string;
  /** As the word is written: relative, with the folders that it has. */
  path: string;
  folder: boolean;
}

function entriesAt(word: string): Entry[] {
  const folder = word.endsWith('/') ? word.slice(0, -1) || '/' : dirname(word);
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      path: word.startsWith('./') || folder !== '.' ? `${folder}/${entry.name}` : entry.name,
      folder: entry.isDirectory(),
    }));
  } catch {
    return [];
  }
}
