/** `train augment EXPERIMENT --out x.png`: draws a sheet of the images that the network sees. */
import type { Argv } from 'yargs';
import { LockstepError } from '../foundation/errors.ts';
import { drawSheet } from '../report/augmentation-sheet.ts';
import { writeWhole } from '../run/write-whole.ts';
import type { LoadedCommand } from './commands.ts';
import { out } from './console.ts';
import { openExperiment } from './find-experiment.ts';
import { openDataOf } from './open-data.ts';
import {
  type ExperimentArguments,
  experimentOptions,
  once,
  overridesOf,
  typed,
  wholeNumber,
} from './options.ts';

interface Arguments extends ExperimentArguments {
  experiment: string;
  out: string;
  images: string;
  versions: string;
}

export const augmentCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      experimentOptions(yargs)
        .option('out', {
          describe: 'the picture: a PNG file',
          type: 'string',
          requiresArg: true,
          demandOption: true,
        })
        .option('images', { describe: 'training images, each a row', type: 'string', default: '10' })
        .option('versions', {
          describe: 'epochs, each a column',
          type: 'string',
          default: '8',
        }),
    ),
  async handler(given) {
    // Loaded late, because every command loads this file.
    const { encode } = await import('fast-png');
    const file = once('out', given.out);
    const images = wholeNumber('images', given.images);
    const epochs = wholeNumber('versions', given.versions);
    const { experiment, locate } = openExperiment(given.experiment, overridesOf(given));
    const dataset = await openDataOf(experiment);
    const { data, ...size } = drawSheet(experiment, dataset, { images, epochs, locate });
    await writeWhole(file, [encode({ ...size, data, depth: 8 })]).catch((error) => {
      throw new LockstepError('failed', `--out ${file}: cannot be written: ${(error as Error).message}`);
    });
    out.line(file);
  },
};
