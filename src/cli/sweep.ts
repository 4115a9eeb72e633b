/** `train sweep FILE`: trains many variants of one experiment and finds the best. */
import type { Argv } from 'yargs';
import type { LoadedCommand } from './commands.ts';
import { liveOptions } from './live.ts';
import { coresOption, experimentOptions, once, typed } from './options.ts';
import type { SweepArguments } from './run-sweep.ts';
import { shardOf } from './shard.ts';
import { mergeCommand } from './sweep-merge.ts';
import { workCommand } from './sweep-work.ts';

export const sweepCommand: LoadedCommand<SweepArguments> = {
  builder: (yargs: Argv) =>
    ownOptions(
      liveOptions(
        experimentOptions(yargs, { file: 'a YAML file with a `sweep:` block', threads: false }),
        'the sweep',
      )
        .command(mergeCommand)
        .command(workCommand)
        .option('threads', coresOption)
        .option('parallel', {
          describe: 'trials at once, or `auto`: one a core; with --queue those that lie in it, 500',
          type: 'string',
          requiresArg: true,
          group: 'Execution:',
        })
        .option('shard', {
          describe: 'every N-th trial only: 2/4, or auto/4 in an array of jobs',
          type: 'string',
          requiresArg: true,
          group: 'Execution:',
        })
        .option('queue', {
          describe: 'let `train sweep work` on any machines train: redis://host:6379, with BullMQ',
          type: 'string',
          requiresArg: true,
          group: 'Execution:',
        })
        .option('retry', { describe: 'train again what failed', type: 'boolean', group: 'Execution:' })
        .option('out', {
          describe: 'folder of the sweep, a new one or its own; runs/sweep-<name> otherwise',
          type: 'string',
          requiresArg: true,
          group: 'Output:',
        })
        .option('json', { describe: 'results as one JSON object a line', type: 'boolean', group: 'Output:' })
        .option('quiet', { describe: 'only the result', type: 'boolean', group: 'Output:' })
        .option('tensorboard', {
          describe: 'also write event files: `tensorboard --logdir FOLDER` compares the trials',
          type: 'boolean',
          group: 'Output:',
        })
        .option('dry-run', {
          describe: 'check everything, list the trials, train nothing',
          type: 'boolean',
          group: 'Output:',
        }),
    ),
  async handler(given) {
    // The workers of a queue share the trials themselves, also if each is a task of an array.
    const wanted = given.shard === undefined ? undefined : once('shard', given.shard);
    const shard =
      given.queue === undefined || wanted !== undefined ? shardOf(wanted, process.env) : undefined;
    // Loaded late, because every command loads this file.
    const { runSweepFile } = await import('./run-sweep.ts');
    return runSweepFile(given, shard);
  },
};

/** Options that `merge` and `work` do not have; yargs would take them there, and nobody would read them. */
function ownOptions(yargs: object): Argv<SweepArguments> {
  // The types of yargs know neither.
  const declared = yargs as {
    getOptions(): { key: object };
    global(names: readonly string[], everywhere: boolean): Argv;
  };
  const names = Object.keys(declared.getOptions().key);
  const own = names.filter((name) => !['help', 'version', 'h', 'v'].includes(name));
  return typed<SweepArguments>(declared.global(own, false));
}
