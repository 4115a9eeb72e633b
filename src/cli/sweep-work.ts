/** `train sweep work URL`: trains the trials of sweeps that were begun with `--queue`. */
import type { Argv, CommandModule } from 'yargs';
import { coresOption, typed } from './options.ts';
import type { WorkArguments } from './run-work.ts';

export const workCommand: CommandModule<object, WorkArguments> = {
  command: 'work <url>',
  describe: 'train trials of the sweeps in a queue, on this machine',
  builder: (yargs: Argv) =>
    typed<WorkArguments>(
      yargs
        .positional('url', {
          describe: 'the queue, as `train sweep --queue` names it: redis://host:6379',
          type: 'string',
          demandOption: true,
        })
        .option('threads', coresOption)
        .option('parallel', {
          describe: 'trials at once, or `auto`: one a core',
          type: 'string',
          requiresArg: true,
          group: 'Execution:',
        })
        .option('data', {
          describe: 'where the data lies on this machine, if not where the sweep has it',
          type: 'string',
          requiresArg: true,
          group: 'Execution:',
        })
        .option('until-empty', {
          describe: 'end when no sweep is left, as in an array of jobs',
          type: 'boolean',
          group: 'Execution:',
        })
        .option('json', { describe: 'one JSON object a line', type: 'boolean', group: 'Output:' })
        .option('quiet', {
          describe: 'a line for each trial, no progress',
          type: 'boolean',
          group: 'Output:',
        }),
    ),
  async handler(given) {
    // Loaded late, because every command loads this file.
    const { runWork } = await import('./run-work.ts');
    await runWork(given);
  },
};
