/**
 * The commands of `train`. Each stands in a file of its own with its options and what it does; only that of
 * the command at hand is loaded, because to load them all takes longer than many a command.
 */
import type { Argv, CommandModule } from 'yargs';

/** A command whose file is loaded. */
export interface LoadedCommand<Arguments> {
  builder(yargs: Argv): Argv<Arguments>;
  handler(given: Arguments): void | Promise<void>;
}

interface Command {
  /** As yargs has it; `$0` is what runs if no command is named. */
  command: string;
  describe: string;
  load(): Promise<unknown>;
}

const commands: readonly Command[] = [
  {
    command: '$0 [experiment]',
    describe: 'train an experiment',
    load: async () => (await import('./train.ts')).trainCommand,
  },
  {
    command: 'sweep [experiment]',
    describe: 'try many settings of an experiment, and find the best',
    load: async () => (await import('./sweep.ts')).sweepCommand,
  },
  {
    command: 'resume <run>',
    describe: 'go on with a training that was interrupted',
    load: async () => (await import('./resume.ts')).resumeCommand,
  },
  {
    command: 'runs [dir]',
    describe: 'list runs and sweeps, the newest first, with their figures',
    load: async () => (await import('./runs.ts')).runsCommand,
  },
  {
    command: 'watch <run>',
    describe: 'show a training or a sweep in a page while it goes on, from its folder',
    load: async () => (await import('./watch.ts')).watchCommand,
  },
  {
    command: 'verify <run>',
    describe: 'train a run again and compare every bit',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  {
    command: 'evaluate <run>',
    describe: 'measure a trained network on its test set, or on other data',
    load: async () => (await import('./evaluate.ts')).evaluateCommand,
  },
  {
    command: 'predict <run> <files..>',
    describe: 'predict with a trained network: what pictures show, or the rows of a file',
    load: async () => (await import('./predict.ts')).predictCommand,
  },
  {
    command: 'export <run>',
    describe: 'write a trained network for other programs: ONNX, safetensors, NumPy, JavaScript',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    command: 'serve <run>',
    describe: 'answer over HTTP what a trained network predicts',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  {
    command: 'data [source]',
    describe: 'show what is in a data set: columns, classes, samples, and what looks wrong',
    load: async () => (await import('./data.ts')).dataCommand,
  },
  {
    command: 'init <source>',
    describe: 'write an experiment for your data, with comments, ready to train',
    load: async () => (await import('./init.ts')).initCommand,
  },
  {
    command: 'report <run..>',
    describe: 'write report.html of a run or a sweep again, or compare several runs',
    load: async () => (await import('./report.ts')).reportCommand,
  },
  {
    command: 'augment <experiment>',
    describe: 'draw a sheet of training images and their distorted versions',
    load: async () => (await import('./augment.ts')).augmentCommand,
  },
  {
    command: 'explain [experiment]',
    describe: 'show layers, shapes, parameters and the memory map, or all numbers of one step',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  {
    command: 'gradcheck [experiment]',
    describe: 'prove the gradients of an experiment in float64',
    load: async () => (await import('./gradcheck.ts')).gradcheckCommand,
  },
];

const nameOf = ({ command }: Command) => command.split(' ')[0]!;

/** What can be named. yargs itself has `completion`. */
export const commandNames: readonly string[] = [
  ...commands.map(nameOf).filter((name) => name !== '$0'),
  'completion',
];

/** The commands for yargs. Only what the words of the command line name is loaded. */
export function commandsFor(words: readonly string[]): Promise<CommandModule[]> {
  const named = new Set(words);
  const isNamed = (one: Command) =>
    named.has(nameOf(one)) || (nameOf(one) === '$0' && !commandNames.includes(words[0] ?? ''));
  return Promise.all(
    commands.map(async (one) => {
      const { command, describe } = one;
      const loaded = isNamed(one) ? ((await one.load()) as Omit<CommandModule, 'command'>) : undefined;
      return { command, describe, builder: loaded?.builder ?? {}, handler: loaded?.handler ?? (() => {}) };
    }),
  );
}
