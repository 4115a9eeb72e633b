#!/usr/bin/env node
/** The command line: `train`. */
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { LockstepError } from '../foundation/errors.ts';
import { version } from '../platform/version.ts';
import { commandsFor } from './commands.ts';
import { completions, namelessOptions } from './completion.ts';
import { err } from './console.ts';
import { fail } from './fail.ts';
import { withNearMisses } from './near-misses.ts';

/** The options of a command line that names no command. yargs completes those of the others. */
let withoutName = (): string[] => [];

try {
  const program = yargs(hideBin(process.argv));
  const commands = await commandsFor(hideBin(process.argv));
  const { builder } = commands.find(({ command }) => String(command).startsWith('$0'))!;
  if (typeof builder === 'function') withoutName = () => optionsOf(builder(yargs()));
  await program
    .scriptName('train')
    .usage(
      '$0 [experiment] [options]\n\n' +
        'Trains neural networks on every core, with the same bits for any number of threads.',
    )
    .command(commands)
    .example('$0', 'train the default experiment, MNIST')
    .example('$0 --threads 8 --seed 3', 'any number of threads gives the same digest')
    .example('$0 my.yaml --set model[0].units=256', 'change one setting of an experiment')
    .example('$0 --data digits.csv', 'train on your own images')
    .example('$0 verify runs/mnist-20260101-120000', 'is the result reproducible?')
    .example('$0 predict runs/mnist-20260101-120000 seven.png', 'what is on this picture?')
    .example('$0 data iris.csv', 'what is in this file?')
    .example(
      '$0 evaluate runs/mnist-20260101-120000 --data other.csv',
      'how well does it do on other images?',
    )
    .completion('completion', 'print a completion script for the shell', completeWith)
    .version(version)
    .alias({ help: 'h', version: 'v' })
    .strict()
    .recommendCommands()
    .wrap(Math.min(100, err.columns()))
    .fail((message, error) => {
      // A YError is the user's mistake in the command line. Any other error comes from a command.
      if (error && error.name !== 'YError') throw error;
      const known = optionsOf(program);
      throw new LockstepError(
        'usage',
        withNearMisses(message ?? error.message, { given: hideBin(process.argv), known }).split('\n'),
      );
    })
    .parseAsync();
} catch (error) {
  fail(error);
}

/** The words that yargs completes, and names of experiments and runs. */
function completeWith(
  _current: string,
  _given: unknown,
  usual: (then: (error: Error | null, words?: string[]) => void) => void,
  done: (words: string[]) => void,
): void {
  usual((_, words = []) =>
    done([
      ...completions(process.argv),
      ...namelessOptions(process.argv, withoutName),
      ...words.filter((word) => !/^\$0/.test(word)),
    ]),
  );
}

/** The names of the options of the command at hand. yargs has them, but its types do not say so. */
function optionsOf(program: object): string[] {
  const { getOptions, getGroups } = program as {
    getOptions?(): { key?: object };
    getGroups?(): { 'Positionals:'?: string[] };
  };
  const { 'Positionals:': positionals = [] } = getGroups?.call(program) ?? {};
  return Object.keys(getOptions?.call(program).key ?? {}).filter((name) => !positionals.includes(name));
}
