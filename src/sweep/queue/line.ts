/** The way to a server of Redis: it may break, and be whole again. Who asks waits, but not for ever. */
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LockstepError } from '../../foundation/errors.ts';
import { reasonOf } from '../../run/trouble.ts';
import type { QueueAddress } from './address.ts';
import type { Bull, BullConnection, RedisClient } from './bull.ts';

/** Of all keys. */
export const prefix = 'lockstep';

/** Milliseconds without an answer after which a connection counts as broken. */
const silence = 20_000;
/** For a first answer. */
const firstPatience = 15_000;
/** For which the server may be away before a sweep or a worker gives up. */
export const mostAway = 600_000;
/** Away for less than this, nobody needs to know. */
const worthTelling = 1500;
/** Between two attempts. */
const between = 1000;

export function connectionTo({ host, port, db, username, password, tls }: QueueAddress): BullConnection {
  return {
    ...{ host, port, db },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // A name may be asked for, an address may not.
    ...(tls ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
    maxRetriesPerRequest: null,
    socketTimeout: silence,
    connectTimeout: firstPatience,
    retryStrategy: (times) => Math.min(200 * times, 2000),
    // We look at it ourselves.
    skipVersionCheck: true,
  };
}

/** Told when the server is away, and when it is back. */
export type TellAway = (note: { kind: 'lost' | 'back'; reason: string }) => void;

export interface Line {
  /** Follows a connection. */
  watch(client: RedisClient): void;
  /**
   * Calls until it succeeds.
   *
   * @throws LockstepError `failed` if the server is away for too long
   */
  ask<T>(call: () => Promise<T>): Promise<T>;
  /** Nothing is told any more. */
  end(): void;
}

export function lineTo(address: QueueAddress, tell: TellAway): Line {
  const { shown } = address;
  let away: number | undefined;
  let told = false;
  let reason = '';
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const lost = (why: string) => {
    if (why !== '') reason = why;
    if (ended || away !== undefined) return;
    away = performance.now();
    timer = setTimeout(() => {
      told = true;
      tell({ kind: 'lost', reason: `${shown}: ${reason || 'the connection is lost'}` });
    }, worthTelling);
    timer.unref();
  };
  const back = () => {
    clearTimeout(timer);
    if (told) tell({ kind: 'back', reason: shown });
    told = false;
    away = undefined;
    reason = '';
  };
  const gaveUp = () =>
    new LockstepError('failed', `${shown}: cannot be reached for ${mostAway / 60_000} minutes: ${reason}`);

  return {
    watch(client) {
      client.on('close', () => lost(''));
      client.on('error', (error) => lost(reasonIn(error)));
      client.on('ready', back);
    },
    async ask(call) {
      const over = new AbortController();
      const limit = sleep(mostAway, undefined, { signal: over.signal, ref: false }).then(() => {
        throw gaveUp();
      });
      limit.catch(() => {});
      try {
        for (;;) {
          try {
            const answer = await Promise.race([call(), limit]);
            back();
            return answer;
          } catch (error) {
            if (error instanceof LockstepError || ended) throw error;
            lost(reasonIn(error));
            await Promise.race([sleep(between), limit]);
          }
        }
      } finally {
        over.abort();
      }
    },
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}

/** A text without line ends; a failure to connect to several addresses has none of its own. */
function reasonIn(error: unknown): string {
  if (error instanceof AggregateError) return reasonIn(error.errors[0]);
  return reasonOf(error).replaceAll(/\s+/g, ' ');
}

/**
 * Asks the server for the first time, on a connection of its own: those of BullMQ cannot be left before they
 * are whole. Returns what is to be known of the server; undefined if nothing is.
 *
 * @throws LockstepError `usage` if the server wants another password; `failed` if it cannot be reached
 */
export async function firstContact(address: QueueAddress, bull: Bull): Promise<string | undefined> {
  const client = new bull.Redis({
    ...connectionTo(address),
    ...{ lazyConnect: true, retryStrategy: () => null },
  });
  let first: unknown;
  client.on('error', (error) => {
    first ??= error;
  });
  const over = new AbortController();
  const late = sleep(firstPatience, undefined, { signal: over.signal }).then(() => {
    throw new Error('no answer');
  });
  late.catch(() => {});
  try {
    const answer = client.connect().then(() => doubtAbout(address, client));
    answer.catch(() => {});
    return await Promise.race([answer, late]);
  } catch (error) {
    throw refusal(address, reasonIn(first ?? error));
  } finally {
    over.abort();
    client.disconnect();
  }
}

function refusal({ shown }: QueueAddress, reason: string): LockstepError {
  if (/NOAUTH|WRONGPASS|NOPERM|invalid password|without any password/i.test(reason)) {
    return new LockstepError('usage', {
      where: shown,
      expected: 'the name and password that the server wants',
      got: /NOAUTH/.test(reason) ? 'none' : 'others',
      hint: 'write redis://:PASSWORD@host, or set REDISCLI_AUTH',
    });
  }
  return new LockstepError('failed', `${shown}: cannot be reached: ${reason}`);
}

/** Waits until a connection is left, but not for long. */
export async function leave(made: { disconnect(): Promise<void> }): Promise<void> {
  const left = made.disconnect().catch(() => {});
  await Promise.race([left, sleep(between, undefined, { ref: false })]);
}

/** The oldest server that has all the commands. */
const oldest = { major: 6, minor: 2 };

async function doubtAbout({ shown }: QueueAddress, client: RedisClient): Promise<string | undefined> {
  const [server, memory] = [await client.info('server'), await client.info('memory')];
  const [, major, minor] = /redis_version:(\d+)\.(\d+)/.exec(server) ?? [];
  if (major !== undefined && Number(major) * 100 + Number(minor) < oldest.major * 100 + oldest.minor) {
    return `${shown}: Redis ${major}.${minor} is old; ${oldest.major}.${oldest.minor} or newer is tested`;
  }
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1] ?? 'noeviction';
  if (policy === 'noeviction') return undefined;
  return `${shown}: maxmemory-policy ${policy} may throw trials away; set it to noeviction`;
}
