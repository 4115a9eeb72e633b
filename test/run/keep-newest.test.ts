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
  });
  for (const item of [1, 2, 3]) newest.offer(item);
  await newest.settled();
  expect(written).toEqual([1, 3]);
  newest.offer(4);
  await newest.settled();
  expect(written).toEqual([1, 3, 4]);
  expect(newest.written()).toBe(4);
});

test('tells of a failure whoever waits', async () => {
  const newest = keepNewest<number>(async () => {
    throw new Error('disk full');
  });
  newest.offer(1);
  await expect(newest.settled()).rejects.toThrow('disk full');
  expect(newest.written()).toBeUndefined();
});
