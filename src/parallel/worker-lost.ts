/** A worker is lost: it ended, failed, or does nothing any more. Others can do its work. */
import { LockstepError } from '../foundation/errors.ts';

export class WorkerLost extends LockstepError {
  override readonly name = 'WorkerLost';

  constructor(message: string, options?: ErrorOptions) {
    super('failed', message, options);
  }
}
