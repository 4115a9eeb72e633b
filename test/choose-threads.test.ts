// How many threads take part: found by trying, with made-up times.
import { describe, expect, test } from 'vitest';
import { chooseThreads } from '#lockstep/choose-threads.js';

/** Trains, each step taking so long with so many threads; gives the turns before the choice, and the choice. */
function choose(most: number, steps: number, time: (active: number, turn: number) => number) {
  const choice = chooseThreads(most, steps);
  const turns: { active: number; steps: number }[] = [];
  for (let done = 0; done < steps; ) {
    const { active, steps: part } = choice.next();
    if (part === undefined) return { turns, active };
    choice.took(part, part * time(active, turns.length));
    turns.push({ active, steps: part });
    done += part;
  }
  throw new Error('the training ended before there was a choice');
}

describe('the number of threads', () => {
  test('is the fastest', () => {
    expect(choose(8, 5000, (active) => 1 + Math.abs(active - 4)).active).toBe(4);
    expect(choose(8, 5000, (active) => 1 / active).active).toBe(8);
    expect(choose(8, 5000, (active) => active).active).toBe(1);
    expect(choose(6, 5000, (active) => 1 + Math.abs(active - 3)).active).toBe(3);
  });

  test('is the smaller of two that are about as fast', () => {
    expect(choose(2, 5000, (active) => (active === 2 ? 1 : 1.01)).active).toBe(1);
    expect(choose(2, 5000, (active) => (active === 2 ? 1 : 1.1)).active).toBe(2);
  });

  test('is not decided by one disturbed turn, nor by the first, when everything is cold', () => {
    const disturbed = (active: number, turn: number) => (turn === 5 || turn < 2 ? 100 : 1 / active);
    expect(choose(2, 5000, disturbed).active).toBe(2);
  });

  test('is tried in turns, with steps that take some milliseconds', () => {
    const { turns } = choose(4, 5000, () => 0.5);
    expect(turns.map(({ active }) => active)).toEqual([4, 2, 1, 4, 2, 1, 4, 2, 1, 4, 2, 1]);
    expect(turns.map(({ steps }) => steps)).toEqual([2, 2, 2, ...new Array(9).fill(8)]);
  });

  test('is all of them where trying would be a large part of the training, or there is one', () => {
    expect(choose(8, 50, () => 1)).toEqual({ turns: [], active: 8 });
    expect(choose(1, 5000, () => 1)).toEqual({ turns: [], active: 1 });
  });

  test('is all of them when the turns turn out to be long', () => {
    expect(choose(2, 300, () => 0.01)).toMatchObject({ active: 2, turns: { length: 2 } });
  });
});
