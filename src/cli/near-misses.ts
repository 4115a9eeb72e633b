/** What was meant by a command line that yargs refuses: options, settings and commands with other names. */
import { familiarPath } from '../experiment/familiar-names.ts';
import { nearest } from '../foundation/errors.ts';
import { commandNames } from './commands.ts';
import { settingOptions } from './options.ts';

const bare = (name: string) => name.replace(/[^a-z0-9]/gi, '').toLowerCase();

/** Each unknown argument in a line of its own, with what was meant. Other messages stay as they are. */
export function withNearMisses(
  message: string,
  { given, known }: { given: readonly string[]; known: readonly string[] },
): string {
  const [, list] = /^Unknown (?:arguments?|commands?): (.+)$/.exec(message) ?? [];
  const words = given.filter((word) => !word.startsWith('-'));
  const [, command] = /^Did you mean (\w+)\?$/.exec(message) ?? [];
  if (command !== undefined) return `unknown command; did you mean \`train ${words[0]} ${command}\`?`;
  if (list === undefined) return `${message}; \`train --help\` shows what there is`;
  const options = given
    .filter((word) => /^--?[a-z]/i.test(word))
    .map((word) => word.replace(/^-+/, '').replace(/=.*$/s, ''));
  // yargs takes `--no-such` for a negation.
  const written = (name: string) => [name, `no-${name}`].find((one) => options.includes(one));
  const names = list.split(', ');
  // An option with a dash comes a second time, in camel case.
  const unknown = names.filter((name, i) => names.findIndex((one) => bare(one) === bare(name)) === i);
  return unknown
    .map((name) => {
      const option = written(name);
      return option === undefined ? wordMeant(name, words[0]) : optionMeant(option, known);
    })
    .join('\n');
}

function optionMeant(name: string, known: readonly string[]): string {
  const dashed = name.length === 1 ? `-${name}` : `--${name}`;
  const long = [...new Set(known.filter((option) => option.length > 1 && !/[A-Z]/.test(option)))];
  const near = long.find((option) => bare(option) === bare(name));
  const path = familiarPath(name);
  const [shortcut] = Object.entries(settingOptions).find(([, setting]) => setting === path) ?? [];
  const meant = near ?? (long.includes(shortcut ?? '') ? shortcut : undefined);
  const setting = meant === undefined && path !== undefined && long.includes('set') ? path : undefined;
  const hint =
    setting !== undefined
      ? `a setting is \`--set ${setting}=...\``
      : (meantOption(meant ?? nearest(name, long)) ??
        `there are ${long.map((option) => `--${option}`).join(', ')}`);
  return `${dashed}: unknown option; ${hint}`;
}

function meantOption(name: string | undefined): string | undefined {
  return name && `did you mean --${name}?`;
}

function wordMeant(name: string, first = ''): string {
  const command = commandNames.includes(first) ? undefined : nearest(first, commandNames);
  const hint =
    command === undefined
      ? '`train --help` shows what each command takes'
      : `did you mean \`train ${command} ${name}\`?`;
  return `${name}: one word too many; ${hint}`;
}
