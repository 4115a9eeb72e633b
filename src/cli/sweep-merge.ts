/** `train sweep merge OUT PART...`: joins the parts of a sweep that was split with `--shard`. */
import type { Argv, CommandModule } from 'yargs';
import { typed } from './options.ts';

interface Arguments {
  out: string;
  part: string[];
}

export const mergeCommand: CommandModule<object, Arguments> = {
  command: 'merge <out> <part..>',
  describe: 'join the folders of shards, and judge the winner of all',
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('out', { describe: 'a new folder', type: 'string', demandOption: true })
        .positional('part', {
          describe: 'folders that `train sweep --shard` wrote',
          type: 'string',
          array: true,
          demandOption: true,
        }),
    ),
  async handler({ out, part }) {
    // Loaded late, because every command loads this file.
    const { mergeFolders } = await import('./merge-shards.ts');
    await mergeFolders(out, part);
  },
};
