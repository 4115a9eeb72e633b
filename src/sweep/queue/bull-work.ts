/** All sweeps at an address in BullMQ, as a worker sees them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueAddress } from './address.ts';
import type { FoundSweep, TakenJob, WorkPlace } from './broker.ts';
import { type BullJob, type BullWorker, loadBull, type RedisClient } from './bull.ts';
import { keysOf, sweepsKey } from './keys.ts';
import { connectionTo, firstContact, type Line, leave, lineTo, prefix, type TellAway } from './line.ts';
import { messageText, parseMessage, type SweepMessage } from './messages.ts';

/** Milliseconds after which a job that nobody keeps is another's; between two looks for such jobs. */
const lockFor = 10_000;
const lookEvery = 5000;
/** Workers that may be lost with a job before it counts as failed. */
const mostLosses = 10;
/** Milliseconds for which states, and what workers say, are kept if nobody removes them. */
const stateFor = 7 * 24 * 3_600_000;
const wordFor = 3_600_000;
/** In which queues may be left. */
const grace = 2000;

export interface WorkPlaceOptions {
  address: QueueAddress;
  /** What asks for the queue, for messages. */
  where: string;
  tell: TellAway;
  doubt(text: string): void;
}

/**
 * Connects to the server.
 *
 * @throws LockstepError `usage` if BullMQ is not installed, or the password is wrong; `failed` if the server
 *   cannot be reached
 */
export async function openWorkPlace({ address, where, tell, doubt }: WorkPlaceOptions): Promise<WorkPlace> {
  const bull = loadBull(where);
  const line = lineTo(address, tell);
  const connection = connectionTo(address);
  const known = await firstContact(address, bull);
  if (known !== undefined) doubt(known);
  // Never has a job: it is the connection for all that is not one sweep's.
  const lobby = new bull.Queue('lobby', { connection, prefix, skipMetasUpdate: true });
  lobby.on('error', () => {});
  const client = await line.ask(async () => lobby.getBackend().client);
  line.watch(client);
  const workers = new Map<string, BullWorker>();

  return {
    address: address.shown,
    sweeps: () => line.ask(() => livingSweeps(client)),
    tell: (sweep, message, leaves = false) =>
      line.ask(async () => {
        const { workers: key } = keysOf(sweep);
        if (leaves) {
          await client.hdel(key, message.name);
          return;
        }
        // What is over must leave nothing behind.
        if ((await client.hexists(sweepsKey, sweep)) === 0) return;
        await client.hset(key, message.name, messageText(message));
        await client.pexpire(key, wordFor);
      }),
    take: (sweep) =>
      line.ask(async () => {
        let worker = workers.get(sweep);
        if (!worker) {
          worker = new bull.Worker(keysOf(sweep).queue, undefined, {
            ...{ connection, prefix, lockDuration: lockFor, stalledInterval: lookEvery },
            maxStalledCount: mostLosses,
          });
          // Whoever asks hears of it.
          worker.on('error', () => {});
          workers.set(sweep, worker);
          await worker.startStalledCheckTimer();
        }
        const token = randomUUID();
        const job = await worker.getNextJob(token, { block: false });
        return job && takenJob(job, token, `${worker.toKey(job.id!)}:lock`, { client, line });
      }),
    async putState(sweep, name, bytes) {
      const { state, states } = keysOf(sweep);
      try {
        if ((await client.hexists(sweepsKey, sweep)) === 0) return false;
        await client.set(state(name), Buffer.from(bytes), 'PX', stateFor);
        await client.sadd(states, name);
        await client.pexpire(states, stateFor);
        return true;
      } catch {
        // It has no memory left. The training begins again then.
        return false;
      }
    },
    getState: (sweep, name) =>
      line.ask(async () => (await client.getBuffer(keysOf(sweep).state(name))) ?? undefined),
    forget,
    async close() {
      line.end();
      await Promise.race([
        Promise.all([...workers.keys()].map(forget)),
        sleep(grace, undefined, { ref: false }),
      ]);
      await leave(lobby);
    },
  };

  async function forget(sweep: string): Promise<void> {
    const worker = workers.get(sweep);
    if (!worker) return;
    workers.delete(sweep);
    try {
      await worker.close(true);
      // Its look for lost jobs may have come after the sweep had removed everything.
      if ((await client.hexists(sweepsKey, sweep)) > 0) return;
      await client.del(...['meta', 'events', 'stalled-check'].map((name) => worker.toKey(name)));
    } catch {
      // The server is away.
    }
  }
}

async function livingSweeps(client: RedisClient): Promise<FoundSweep[]> {
  const found: FoundSweep[] = [];
  for (const [id, text] of Object.entries(await client.hgetall(sweepsKey))) {
    if ((await client.get(keysOf(id).alive)) === null) continue;
    found.push({ id, message: parseMessage('sweep', text) ?? ofAnotherVersion(text) });
  }
  return found.sort((a, b) => a.message.began - b.message.began || a.id.localeCompare(b.id));
}

/** A sweep that another version announced in its own words: enough to refuse it. */
function ofAnotherVersion(text: string): SweepMessage {
  const of = (key: string) => new RegExp(`"${key}":"([^"\\\\]{1,100})"`).exec(text)?.[1] ?? 'unknown';
  return {
    ...{ kind: 'sweep', protocol: -1, version: of('version'), name: of('name'), host: of('host') },
    ...{ owner: of('owner'), began: 0, objective: { name: '', goal: 'maximize' } },
    ...{ dataSha256: '', experiment: '' },
  };
}

function takenJob(
  job: BullJob,
  token: string,
  lockKey: string,
  { client, line }: { client: RedisClient; line: Line },
): TakenJob {
  /** Whether the job is ours. */
  const keep = async (): Promise<boolean> => {
    if ((await job.extendLock(token, lockFor)) === 1) return true;
    // The server was away for longer than the lock lasts, and perhaps nobody has the job yet.
    if ((await job.getState()) !== 'active') return false;
    await client.set(lockKey, token, 'PX', lockFor, 'NX');
    return (await job.extendLock(token, lockFor)) === 1 && (await job.getState()) === 'active';
  };
  return {
    id: job.id!,
    text: job.data,
    keep: () => line.ask(keep),
    progress: (message) => job.updateProgress(messageText(message)),
    done: (text) =>
      line.ask(async () => {
        if (!(await keep())) return false;
        try {
          await job.moveToCompleted(text, token, false);
          return true;
        } catch (error) {
          // BullMQ numbers what is wrong with a job: it is gone, or another's.
          if (typeof (error as { code?: unknown }).code === 'number') return false;
          throw error;
        }
      }),
    giveBack: async () => void (await job.moveToWait(token)),
  };
}
