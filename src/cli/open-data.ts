/** Opens the data of an experiment. */
import { existsSync } from 'node:fs';
import type { Dataset } from '../data/dataset.ts';
import { openDataset } from '../data/open-dataset.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';

/** Opens the data, or says where to get it, if the experiment knows. */
export async function openDataOf({ data: { source, from } }: Experiment): Promise<Dataset> {
  if (from !== undefined && source !== 'mnist' && !existsSync(source)) {
    throw new LockstepError('data', {
      where: source,
      expected: 'the data of the experiment',
      got: 'no such file or folder',
      hint: from,
    });
  }
  return openDataset(source);
}
