// How often a page may be made.
import { expect, test } from 'vitest';
import { pacer } from '#lockstep/live/pacer.js';

function paced(factor: number) {
  const clock = { now: 0 };
  const pace = pacer({ factor, least: 1000 }, () => clock.now);
  return {
    /** Does what takes so long, and says how long the pause is after it. */
    spend(time: number): number {
      expect(pace.due).toBe(true);
      pace.spend(() => {
        clock.now += time;
      });
      const end = clock.now;
      while (!pace.due) clock.now++;
      return clock.now - end;
    },
  };
}

test('with pauses of the least length at first, whatever it took', () => {
  const { spend } = paced(100);
  expect([400, 300, 200].map(spend)).toEqual([1000, 1000, 1000]);
});

test('then with pauses of so many times what it takes', () => {
  const { spend } = paced(100);
  for (let i = 0; i < 3; i++) spend(500);
  expect([20, 5, 30, 40, 50].map(spend)).toEqual([2000, 1000, 1000, 1000, 3000]);
});

test('what fails counts as well', () => {
  const pace = pacer({ factor: 100, least: 1000 });
  expect(() =>
    pace.spend(() => {
      throw new Error('x');
    }),
  ).toThrow('x');
  expect(pace.due).toBe(false);
});

test('what waits for files counts with all that it waits', async () => {
  const clock = { now: 0 };
  const pace = pacer({ factor: 100, least: 1000 }, () => clock.now);
  const spend = () =>
    pace.spendWaiting(async () => {
      await Promise.resolve();
      clock.now += 20;
    });
  for (let i = 0; i < 4; i++) await spend();
  clock.now += 1999;
  expect(pace.due).toBe(false);
  clock.now += 1;
  expect(pace.due).toBe(true);
});

test('something else that begins is shown after the shortest pause', () => {
  const clock = { now: 0 };
  const pace = pacer({ factor: 100, least: 1000 }, () => clock.now);
  for (let i = 0; i < 4; i++) {
    pace.spend(() => {
      clock.now += 50;
    });
  }
  pace.hurry();
  clock.now += 999;
  expect(pace.due).toBe(false);
  clock.now += 1;
  expect(pace.due).toBe(true);
});
