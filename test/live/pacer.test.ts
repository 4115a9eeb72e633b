// How often a page may be made.
import { expect, test } from 'vitest';
import { pacer } from '#lockstep/live/pacer.js';

function paced(factor: number) {
  const clock = { now: 0 };
  const pace = pacer(factor, () => clock.now);
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

test('at most once a second, at first whatever it took', () => {
  const { spend } = paced(100);
  expect([400, 300, 200].map(spend)).toEqual([1000, 1000, 1000]);
});

test('then with pauses of so many times what it takes', () => {
  const { spend } = paced(100);
  for (let i = 0; i < 3; i++) spend(500);
  expect([20, 5, 30, 40, 50].map(spend)).toEqual([2000, 1000, 1000, 1000, 3000]);
});

test('what fails counts as well', () => {
  const pace = pacer(100);
  expect(() =>
    pace.spend(() => {
      throw new Error('x');
    }),
  ).toThrow('x');
  expect(pace.due).toBe(false);
});
