/** `train sweep FILE --queue URL`: the queue of a sweep, and what is told of it. */
import { LockstepError } from '../foundation/errors.ts';
import { bytes } from '../foundation/format.ts';
import { type QueueAddress, queueAddress } from '../sweep/queue/address.ts';
import type { SweepQueue } from '../sweep/queue/broker.ts';
import { loadBull } from '../sweep/queue/bull.ts';
import { mostState } from '../sweep/queue/do-job.ts';
import { mostAway } from '../sweep/queue/line.ts';
import type { QueueNote } from '../sweep/queue/seen-workers.ts';
import { called } from './called.ts';
import { err, warn } from './console.ts';
import { once } from './options.ts';

/** Trainings that lie in a queue at once, unless `--parallel` says how many. */
export const usualInQueue = 500;

/** The address in the option, if it is given. REDISCLI_AUTH is what redis-cli reads, too. */
export function addressOf(given: { queue?: string; shard?: string }): QueueAddress | undefined {
  if (given.queue === undefined) return undefined;
  if (given.shard !== undefined) {
    throw new LockstepError('usage', {
      where: '--shard',
      expected: 'a sweep without --queue, whose workers share all of its trials',
      got: 'both',
    });
  }
  const address = queueAddress(once('queue', given.queue), '--queue', process.env.REDISCLI_AUTH);
  // Before anything is read or written.
  loadBull('--queue');
  return address;
}

/** Connects the sweep in this folder. */
export async function openQueueOf(
  folder: string,
  address: QueueAddress,
  tell: (note: QueueNote) => void,
): Promise<SweepQueue> {
  // Loaded late, because most sweeps have no queue.
  const { openSweepQueue } = await import('../sweep/queue/bull-sweep.ts');
  const { queueId } = await import('../sweep/queue/queue-id.ts');
  const id = await queueId(folder);
  return openSweepQueue({ address, id, where: '--queue', tell, doubt: warn });
}

/** Leaves the queue. What lies in it is gone, if it could be reached. */
export async function leaveQueue(folder: string, queue: SweepQueue): Promise<void> {
  const { forgetQueueId } = await import('../sweep/queue/queue-id.ts');
  if (queue.cleared) await forgetQueueId(folder);
  await queue.close();
}

/** The line of the header. */
export function queueText(address: string, parallel: number): string {
  return `${address} · up to ${parallel} trials lie in it · ${called} sweep work ${address} trains them`;
}

/** Prints a note, for people. */
export function showNote(note: QueueNote): void {
  switch (note.kind) {
    case 'joined':
    case 'left': {
      const count = `${note.count} ${note.count === 1 ? 'worker' : 'workers'} now`;
      err.line(`worker ${note.worker} ${note.kind === 'joined' ? 'has come' : 'is gone'}, ${count}`);
      return;
    }
    case 'refuses':
      warn(`worker ${note.worker} does not help: ${note.why}`);
      return;
    case 'nobody':
      warn(`no worker for ${note.seconds} s; the sweep waits for \`${called} sweep work\` on any machine`);
      return;
    case 'large':
      warn(
        `the states of these trainings are larger than ${bytes(mostState)} and do not travel: ` +
          'what goes on after a rung begins again, to the same bits',
      );
      return;
    case 'lost':
      warn(`${note.reason}; trying again for ${mostAway / 60_000} minutes`);
      return;
    case 'back':
      err.line(`${note.reason} answers again`);
  }
}

/** Whether a note matters to someone who wants to see the result only. */
export function isTrouble({ kind }: QueueNote): boolean {
  return kind !== 'joined' && kind !== 'left' && kind !== 'back';
}
