import { expect, test } from 'vitest';
import { keepNewest } from '#lockstep/run/keep-newest.js';

test('writes one after the other, and of those that wait only the newest', async () => {
  const written: number[] = [];
  let writing = 0;
  const newest = keepNewest<number>(async (item) => {
    expect(++writing).toBe(1);
    await new Promise(setImmediate);
    written.push(item);
    writing--;
    return true;
  });
  for (const item of [1, 2, 3]) newest.offer(item);
  await newest.settled();
  expect(written).toEqual([1, 3]);
  newest.offer(4);
  await newest.settled();
  expect(written).toEqual([1, 3, 4]);
  expect(newest.written()).toBe(4);
});

test('what could not be written is tried again when somebody says so, unless a newer one waits', async () => {
  let full = true;
  const tried: number[] = [];
  const newest = keepNewest<number>(async (item) => {
    tried.push(item);
    return !full;
  });
  newest.offer(1);
  expect(await newest.settled()).toBe(false);
  expect(newest.written()).toBeUndefined();
  newest.retry();
  expect(await newest.settled()).toBe(false);
  full = false;
  newest.retry();
  expect(await newest.settled()).toBe(true);
  expect(newest.written()).toBe(1);
  newest.retry();
  expect(await newest.settled()).toBe(true);
  expect(tried).toEqual([1, 1, 1]);
});
