/** The queue of one sweep in BullMQ, as the sweep sees it. */

import { LockstepError } from '../../foundation/errors.ts';
import type { QueueAddress } from './address.ts';
import type { ActiveJob, EndedJob, SweepQueue } from './broker.ts';
import { type Bull, type BullConnection, type BullQueue, loadBull, type RedisClient } from './bull.ts';
import { keysOf, sweepsKey } from './keys.ts';
import { connectionTo, firstContact, leave, lineTo, prefix, type TellAway } from './line.ts';
import { type JobMessage, messageText, parseMessage } from './messages.ts';

/** Milliseconds after which a sweep that says nothing counts as dead. */
const aliveFor = 15_000;
/** After which what a dead sweep left is removed by the next one. */
const remainsFor = 7 * 24 * 3_600_000;

export interface SweepQueueOptions {
  address: QueueAddress;
  /** Names the sweep, also after its process was killed. */
  id: string;
  /** What asks for the queue, for messages. */
  where: string;
  tell: TellAway;
  /** Hears of a server that is not set up well. */
  doubt(text: string): void;
}

/**
 * Connects to the server.
 *
 * @throws LockstepError `usage` if BullMQ is not installed, or the password is wrong; `failed` if the server
 *   cannot be reached
 */
export async function openSweepQueue(options: SweepQueueOptions): Promise<SweepQueue> {
  const { address, id, where, tell, doubt } = options;
  const bull = loadBull(where);
  const line = lineTo(address, tell);
  const connection = connectionTo(address);
  const keys = keysOf(id);
  const known = await firstContact(address, bull);
  if (known !== undefined) doubt(known);
  const queue = new bull.Queue(keys.queue, { connection, prefix });
  queue.on('error', () => {});
  const client = await line.ask(async () => queue.getBackend().client);
  line.watch(client);
  let owner: string | undefined;
  let cleared = false;

  return {
    get cleared() {
      return cleared;
    },
    address: address.shown,
    announce: (sweep) =>
      line.ask(async () => {
        const holder = await client.get(keys.alive);
        if (owner !== undefined && holder !== null && holder !== owner) throw takenOver(address);
        if (owner === undefined) await removeRemains(bull, { client, connection, own: id });
        owner = sweep.owner;
        await client.set(keys.alive, owner, 'PX', aliveFor);
        await client.hset(sweepsKey, id, messageText(sweep));
      }),
    workers: () =>
      line.ask(async () =>
        Object.values(await client.hgetall(keys.workers)).flatMap(
          (text) => parseMessage('worker', text) ?? [],
        ),
      ),
    put: (jobId: string, job: JobMessage) =>
      line.ask(async () => void (await queue.add('training', messageText(job), { jobId }))),
    ended: () =>
      line.ask(async () =>
        (await queue.getJobs(['completed', 'failed'])).flatMap((job): EndedJob[] => {
          if (!job?.id) return [];
          const { id: jobId, returnvalue, failedReason } = job;
          if (failedReason) return [{ id: jobId, fault: `workers were lost with it: ${failedReason}` }];
          return [{ id: jobId, text: typeof returnvalue === 'string' ? returnvalue : undefined }];
        }),
      ),
    active: () =>
      line.ask(async () =>
        (await queue.getJobs(['active'])).flatMap((job): ActiveJob[] =>
          job?.id
            ? [{ id: job.id, progress: parseMessage('progress', job.progress), losses: job.stalledCounter }]
            : [],
        ),
      ),
    missing: (ids) => line.ask(() => missingOf(queue, ids)),
    remove: (jobId) => line.ask(async () => void (await queue.remove(jobId))),
    removeWaiting: () =>
      line.ask(async () => {
        // One that was killed while it cleared its queue left it paused.
        await queue.resume();
        await queue.drain();
        await client.del(keys.workers);
      }),
    async clear() {
      await line.ask(() => clear(queue, client, id));
      cleared = true;
    },
    async close() {
      line.end();
      await leave(queue);
    },
  };
}

async function missingOf(queue: BullQueue, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const counts = await queue.getJobCounts();
  const there = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (there >= ids.length) return [];
  const states = await Promise.all(ids.map((id) => queue.getJobState(id)));
  return ids.filter((_, i) => states[i] === 'unknown');
}

/** Removes all that there is of a sweep. First of all workers must no longer find it. */
async function clear(queue: BullQueue, client: RedisClient, id: string): Promise<void> {
  const keys = keysOf(id);
  await client.hdel(sweepsKey, id);
  await queue.obliterate({ force: true });
  const states = (await client.smembers(keys.states)).map(keys.state);
  await client.del(keys.alive, keys.workers, keys.states, ...states);
}

/** Removes what sweeps left that were killed long ago, and never went on. */
async function removeRemains(
  bull: Bull,
  { client, connection, own }: { client: RedisClient; connection: BullConnection; own: string },
): Promise<void> {
  for (const [id, text] of Object.entries(await client.hgetall(sweepsKey))) {
    if (id === own) continue;
    const began = parseMessage('sweep', text)?.began ?? 0;
    if (Date.now() - began < remainsFor || (await client.get(keysOf(id).alive)) !== null) continue;
    const queue = new bull.Queue(keysOf(id).queue, { connection, prefix });
    queue.on('error', () => {});
    await clear(queue, client, id);
    await leave(queue);
  }
}

function takenOver({ shown }: QueueAddress): LockstepError {
  return new LockstepError('failed', `${shown}: another process goes on with this sweep, so this one ends`);
}
