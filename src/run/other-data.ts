/** Data that is not what it was when a run was trained. */
import type { Dataset } from '../data/dataset.ts';
import { LockstepError } from '../foundation/errors.ts';

/**
 * @param what whose data it has to be: `the data of the run`
 * @throws LockstepError `data` if the digests differ
 */
export function refuseOtherData(
  { name }: Pick<Dataset, 'name'>,
  what: string,
  { expected, got }: { expected: string | undefined; got: string },
): void {
  if (expected === got) return;
  throw new LockstepError('data', {
    where: name,
    expected: `${what}, sha256 ${expected}`,
    got: `sha256 ${got}`,
    hint: 'name the same data with --data',
  });
}
