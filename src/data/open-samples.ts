/** Opens samples for a trained network: to be judged by, or to be predicted. */
import { type DataFormat, listOfSources, namedSources } from '../experiment/data-settings.ts';
import { LockstepError } from '../foundation/errors.ts';
import { didYouMean } from '../platform/meant-path.ts';
import type { GivenSamples, Progress, SampleRequest } from './reader.ts';
import { readerOf } from './readers.ts';
import type { Signature } from './split.ts';

export type { GivenSamples } from './reader.ts';

/**
 * Opens the test samples of a named source or of a folder, or the rows of a file: of the test file beside it,
 * or else all of its own.
 *
 * @param progress called now and then while a large file is read
 * @param wanted `test`: targets must be there. `rows`: the file itself, with targets or without.
 * @throws LockstepError `data` if the samples do not fit the network
 */
export async function openSamples(
  source: string,
  signature: Signature,
  format: DataFormat,
  wanted: SampleRequest['wanted'],
  progress?: Progress,
): Promise<GivenSamples> {
  const reader = await readerOf(source);
  if (reader) return reader.samples(source, { signature, format, wanted, progress });
  throw new LockstepError('data', {
    where: source,
    expected: `${listOfSources}, a file with rows, or a folder`,
    got: 'no such file or folder',
    ...didYouMean(source, { words: namedSources }),
  });
}
