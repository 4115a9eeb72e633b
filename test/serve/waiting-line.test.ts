// Requests that wait together go through the network together.
import { expect, test } from 'vitest';
import type { Job } from '#lockstep/serve/given-rows.js';
import type { NetworkThread } from '#lockstep/serve/network-thread.js';
import { waitingLine } from '#lockstep/serve/waiting-line.js';

const job = (text: string): Job => ({ kind: 'json', body: new TextEncoder().encode(text), asIs: false });
const textOf = ({ body }: Job) => new TextDecoder().decode(body);
const here = new AbortController().signal;
const limits = { waiting: 5, batch: { requests: 3, bytes: 100 } };

/** A network whose batches end when the test says so. */
function slowNetwork(): {
  network: NetworkThread;
  batches: string[][];
  next(failing?: boolean): Promise<void>;
} {
  const batches: string[][] = [];
  let end: (failing: boolean) => void = () => {};
  const network: NetworkThread = {
    answer(jobs) {
      batches.push(jobs.map(textOf));
      return new Promise((resolve, reject) => {
        end = (failing) =>
          failing
            ? reject(new Error('lost'))
            : resolve(jobs.map((one) => ({ status: 200, text: textOf(one).toUpperCase() })));
      });
    },
    start: async () => {},
    end: async () => {},
  };
  return {
    network,
    batches,
    async next(failing = false) {
      end(failing);
      await new Promise(setImmediate);
    },
  };
}

test('what comes while a batch is at work is the next one, up to the limits', async () => {
  const { network, batches, next } = slowNetwork();
  const line = waitingLine(network, limits, () => {});
  const asked = ['a', 'b', 'c', 'd', 'e'].map((text) => line.ask(job(text), here));
  expect([line.length, line.full]).toEqual([5, true]);
  await next();
  expect([line.length, line.full]).toEqual([4, false]);
  await next();
  await next();
  expect(batches).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  expect((await Promise.all(asked)).map(({ text }) => text)).toEqual(['A', 'B', 'C', 'D', 'E']);
  expect(line.length).toBe(0);
});

test('a large body goes alone, and one larger than a batch all the same', async () => {
  const { network, batches, next } = slowNetwork();
  const line = waitingLine(network, limits, () => {});
  for (const size of [1, 60, 60, 200, 1]) void line.ask(job('x'.repeat(size)), here);
  for (let i = 0; i < 5; i++) await next();
  expect(batches.map((batch) => batch.map(({ length }) => length))).toEqual([[1], [60], [60], [200], [1]]);
});

test('who went away is not asked for, and is let go', async () => {
  const { network, batches, next } = slowNetwork();
  const line = waitingLine(network, limits, () => {});
  const leaves = new AbortController();
  void line.ask(job('a'), here);
  const left = line.ask(job('b'), leaves.signal);
  const stays = line.ask(job('c'), here);
  leaves.abort();
  await next();
  await next();
  expect(batches).toEqual([['a'], ['c']]);
  expect([(await left).status, (await stays).status]).toEqual([499, 200]);
});

test('of a batch that was lost each goes alone, and only the one to blame is not answered', async () => {
  const { network, batches, next } = slowNetwork();
  const told: string[] = [];
  const line = waitingLine(network, limits, (why) => told.push(why));
  const asked = ['a', 'b', 'c'].map((text) => line.ask(job(text), here));
  await next();
  await next(true);
  void line.ask(job('d'), here);
  await next(true);
  await next();
  await next();
  expect(batches).toEqual([['a'], ['b', 'c'], ['b'], ['c'], ['d']]);
  const [, b, c] = await Promise.all(asked);
  expect([b!.status, JSON.parse(b!.text).error.got, c!.status]).toEqual([500, 'lost', 200]);
  expect(told).toEqual(['lost', 'lost']);
});
