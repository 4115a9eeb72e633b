/**
 * BullMQ, as far as it is used here. It is installed only by those who use queues, so it is loaded when it is
 * needed, and described here.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LockstepError } from '../../foundation/errors.ts';

/** A client of Redis. */
export interface RedisClient {
  status: string;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'close' | 'ready', listener: () => void): void;
  get(key: string): Promise<string | null>;
  getBuffer(key: string): Promise<Buffer | null>;
  set(key: string, value: string | Uint8Array, ...options: (string | number)[]): Promise<unknown>;
  del(...keys: string[]): Promise<number>;
  hexists(key: string, field: string): Promise<number>;
  hset(key: string, field: string, value: string): Promise<number>;
  hdel(key: string, ...fields: string[]): Promise<number>;
  hgetall(key: string): Promise<Record<string, string>>;
  sadd(key: string, member: string): Promise<number>;
  smembers(key: string): Promise<string[]>;
  pexpire(key: string, milliseconds: number): Promise<number>;
  info(section: string): Promise<string>;
  connect(): Promise<void>;
  disconnect(): void;
}

export interface BullJob {
  id?: string;
  data: unknown;
  returnvalue?: unknown;
  failedReason?: string;
  progress: unknown;
  /** How often it was given to another worker because its own was lost. */
  stalledCounter: number;
  getState(): Promise<string>;
  extendLock(token: string, milliseconds: number): Promise<number>;
  updateProgress(progress: string): Promise<void>;
  moveToCompleted(value: string, token: string, fetchNext: boolean): Promise<unknown>;
  moveToWait(token: string): Promise<unknown>;
}

type JobKind = 'waiting' | 'active' | 'completed' | 'failed';

interface Base {
  waitUntilReady(): Promise<unknown>;
  getBackend(): { client: RedisClient | Promise<RedisClient> };
  /** The key of something of this queue. */
  toKey(name: string): string;
  on(event: 'error', listener: (error: Error) => void): void;
}

export interface BullQueue extends Base {
  add(name: string, data: unknown, options: { jobId: string }): Promise<unknown>;
  getJobs(kinds: JobKind[]): Promise<(BullJob | undefined)[]>;
  getJobState(id: string): Promise<string>;
  remove(id: string): Promise<number>;
  getJobCounts(): Promise<Record<string, number>>;
  resume(): Promise<void>;
  drain(): Promise<void>;
  obliterate(options: { force: boolean }): Promise<void>;
  close(): Promise<void>;
  disconnect(): Promise<void>;
}

export interface BullWorker extends Base {
  getNextJob(token: string, options: { block: boolean }): Promise<BullJob | undefined>;
  startStalledCheckTimer(): Promise<void>;
  close(force: boolean): Promise<void>;
}

/** How Redis is reached. */
export interface BullConnection {
  host: string;
  port: number;
  db: number;
  username?: string;
  password?: string;
  tls?: object;
  maxRetriesPerRequest: null;
  /** Milliseconds without an answer after which a connection counts as broken. */
  socketTimeout: number;
  connectTimeout: number;
  retryStrategy(times: number): number;
  skipVersionCheck: boolean;
}

interface FirstOptions {
  lazyConnect: true;
  /** It does not try again. */
  retryStrategy(): null;
}

interface QueueOptions {
  connection: BullConnection;
  prefix: string;
  /** Writes nothing of its own. */
  skipMetasUpdate?: boolean;
}

export interface Bull {
  /** ioredis, which BullMQ connects by. */
  Redis: new (
    options: Omit<BullConnection, 'retryStrategy'> & FirstOptions,
  ) => RedisClient;
  Queue: new (name: string, options: QueueOptions) => BullQueue;
  Worker: new (
    name: string,
    processor: undefined,
    options: {
      connection: BullConnection;
      prefix: string;
      lockDuration: number;
      stalledInterval: number;
      maxStalledCount: number;
    },
  ) => BullWorker;
}

const packages = ['bullmq', 'ioredis'];

/**
 * Loads BullMQ from beside this program, or from the folder in which the command runs.
 *
 * @param where what asks for it, for the message
 * @throws LockstepError `usage` if it is not installed
 */
export function loadBull(where: string, places: readonly string[] = usualPlaces()): Bull {
  for (const place of places) {
    const require = createRequire(place);
    try {
      // BullMQ itself would load it only when it connects.
      const { Redis } = createRequire(require.resolve('bullmq'))('ioredis') as Pick<Bull, 'Redis'>;
      const { Queue, Worker } = require('bullmq') as Pick<Bull, 'Queue' | 'Worker'>;
      return { Redis, Queue, Worker };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new LockstepError('usage', {
    where,
    expected: `the packages ${packages.join(' and ')}, which queues need`,
    got: 'none',
    hint: `install them: npm install ${packages.join(' ')}`,
  });
}

const usualPlaces = () => [import.meta.url, join(process.cwd(), 'package.json')];
