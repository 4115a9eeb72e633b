/** Reading what another process writes. */
import { LockstepError } from '../foundation/errors.ts';

/** What is being written may be half of it: then nothing is new, and the next look tells. */
export async function tryTo(job: () => Promise<boolean>): Promise<boolean> {
  try {
    return await job();
  } catch (error) {
    if (error instanceof LockstepError) return false;
    throw error;
  }
}
