/** Opens the data of an experiment. */
import { existsSync } from 'node:fs';
import type { Dataset } from '../data/dataset.ts';
import { openData, type ReadingOptions } from '../data/open-dataset.ts';
import { namedSources } from '../experiment/data-settings.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { didYouMean } from '../platform/meant-path.ts';
import { whileReading } from './reading-line.ts';

/**
 * Opens the data, or says where to get it, if the experiment knows. In a terminal, a line shows how far it
 * is.
 *
 * @param options `source`: where the data lies now
 */
export async function openDataOf(
  experiment: Pick<Experiment, 'data' | 'loss'>,
  { source = experiment.data.source, ...options }: { source?: string } & ReadingOptions = {},
): Promise<Dataset> {
  const { from } = experiment.data;
  if (from !== undefined && !namedSources.includes(source) && !existsSync(source)) {
    throw new LockstepError('data', {
      where: source,
      expected: 'the data of the experiment',
      got: 'no such file or folder',
      hint: [didYouMean(source).hint ?? [], from].flat().join('; '),
    });
  }
  // Who has a line of its own for the progress shows it there.
  if (options.progress) return openData(experiment, { source, ...options });
  return whileReading((progress) => openData(experiment, { source, ...options, progress }));
}
