/** The options that several commands share, and the settings of the experiment that they set. */
import type { Argv, Options } from 'yargs';
import { type Override, parseOverride } from '../experiment/setting-path.ts';
import { LockstepError } from '../foundation/errors.ts';

/** Options that set a setting: the option's name, and the setting's path. */
export const settingOptions = {
  data: 'data.source',
  seed: 'seed',
  epochs: 'epochs',
  'batch-size': 'batchSize',
  threads: 'execution.threads',
} as const;

type SettingOption = keyof typeof settingOptions;

// Numbers are read as text and checked with the experiment, because yargs turns `--threads abc` into NaN.
const settingDeclarations: Record<SettingOption, Options> = {
  data: { describe: 'a table, a folder of pictures or of IDX files, an .npz file', requiresArg: true },
  seed: { describe: 'names everything random in the training', requiresArg: true },
  epochs: { describe: 'passes over the training samples', requiresArg: true },
  'batch-size': { describe: 'samples a step', requiresArg: true },
  threads: { describe: 'worker threads, or `auto`: one a core', requiresArg: true },
};

/** `--threads` of a sweep and of its workers. */
export const coresOption = {
  describe: 'cores for all trials together, or `auto`: all of them',
  type: 'string',
  requiresArg: true,
  group: 'Execution:',
} as const;

export interface ExperimentArguments {
  experiment?: string;
  data?: string;
  seed?: string;
  epochs?: string;
  batchSize?: string;
  threads?: string;
  set?: string | string[];
}

/** Declares the positional argument and the options that change an experiment. */
export function experimentOptions<T>(
  yargs: Argv<T>,
  { file = 'a YAML file, or a name under experiments/', threads = true } = {},
): Argv<T & ExperimentArguments> {
  let declared = yargs.positional('experiment', { describe: file, type: 'string' }) as Argv;
  for (const [name, options] of Object.entries(settingDeclarations)) {
    if (name === 'threads' && !threads) continue;
    declared = declared.option(name, { ...options, type: 'string', group: 'Experiment:' });
  }
  return typed(
    declared.option('set', {
      describe: 'replaces a setting: --set optimizer.momentum=0.8 (again for more)',
      type: 'string',
      requiresArg: true,
      group: 'Experiment:',
    }),
  );
}

/** Options as their command reads them: yargs does not follow the types of so many declarations. */
export function typed<T>(yargs: object): Argv<T> {
  return yargs as Argv<T>;
}

/** Settings given on the command line, in the order of precedence: `--set` first, then the options. */
export function overridesOf(given: ExperimentArguments): Override[] {
  const sets = given.set === undefined ? [] : [given.set].flat();
  const overrides = sets.map(parseOverride);
  for (const [name, path] of Object.entries(settingOptions)) {
    const value = (given as Record<string, unknown>)[name];
    if (value === undefined) continue;
    overrides.push({
      origin: `--${name}`,
      path,
      value: name === 'data' ? once(name, value) : plain(once(name, value)),
    });
  }
  return overrides;
}

/** The text of an option that may be given only once. */
export function once(name: string, value: unknown): string {
  if (Array.isArray(value)) {
    throw new LockstepError('usage', {
      where: `--${name}`,
      expected: 'to be given once',
      got: value.join(', '),
    });
  }
  return value as string;
}

/** The value of an option that takes a whole number, at least 1. */
export function wholeNumber(name: string, value: unknown): number {
  const text = once(name, value);
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new LockstepError('usage', {
    where: `--${name}`,
    expected: 'an integer from 1 to 999,999',
    got: JSON.stringify(text),
  });
}

/** The value of an option that names a port; 0 is any that is free. */
export function portNumber(name: string, value: unknown): number {
  const text = once(name, value);
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new LockstepError('usage', {
    where: `--${name}`,
    expected: 'an integer from 0 to 65535',
    got: JSON.stringify(text),
  });
}

/** Turns text that looks like a number into a number. The experiment's schema judges it later. */
function plain(text: string): string | number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}
