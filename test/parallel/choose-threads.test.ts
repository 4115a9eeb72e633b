// The choice of the number of threads, with made-up times.
import { describe, expect, test } from 'vitest';
import { chooseThreads } from '#lockstep/parallel/choose-threads.js';

/** Trains with `time` for each step. Returns the turns before the choice, and the choice. */
function choose(most: number, steps: number, time: (active: number, turn: number) => number) {
  const choice = chooseThreads(most, steps);
  const turns: { active: number; steps: number }[] = [];
  for (let done = 0; done < steps; ) {
    const { active, steps: part } = choice.next();
    if (choice.chosen !== undefined) return { turns, active };
    if (part === undefined) throw new Error('expected some steps to try, got all');
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

  test('can be that of physical cores, which need not be a half', () => {
    const tried = (most: number, physical?: number) => {
      const choice = chooseThreads(most, 100_000, physical);
      const turns: number[] = [];
      for (let next = choice.next(); !turns.includes(next.active); next = choice.next()) {
        turns.push(next.active);
        choice.took(next.steps!, 1);
      }
      return turns;
    };
    expect(tried(12)).toEqual([12, 6, 3, 1]);
    expect(tried(12, 8)).toEqual([12, 8, 6, 3, 1]);
    expect(tried(16, 8)).toEqual([16, 8, 4, 2, 1]);
    // Two threads were asked for, on a machine of 8 cores.
    expect(tried(2, 8)).toEqual([2, 1]);
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

  describe('is chosen again', () => {
    /** The parts of a training in epochs of 500 steps, with their threads. `time` is that of a step. */
    function parts(steps: number, time: (active: number, now: number) => number) {
      const choice = chooseThreads(2, steps);
      const all: { active: number; from: number; milliseconds: number; chosen: number | undefined }[] = [];
      let now = 0;
      for (let done = 0; done < steps; ) {
        const { active, steps: wanted } = choice.next();
        const part = Math.min(wanted ?? steps, 500 - (done % 500), steps - done);
        const milliseconds = part * time(active, now);
        choice.took(part, milliseconds);
        all.push({ active, from: now, milliseconds, chosen: choice.chosen });
        now += milliseconds;
        done += part;
      }
      return all;
    }

    test('when the code is warm: a wrong first choice does not last', () => {
      // While V8 compiles, two threads are slower than one.
      const all = parts(20_000, (active, now) => (active === 2 ? (now < 100 ? 0.4 : 0.15) : 0.25));
      expect(all.find(({ chosen }) => chosen)).toMatchObject({ chosen: 1 });
      const change = all.find(({ chosen }) => chosen === 2);
      expect(change!.from).toBeGreaterThan(250);
      expect(change!.from).toBeLessThan(400);
      expect(all.at(-1)!.chosen).toBe(2);
    });

    test('when another program comes, and when it has gone', () => {
      const busy = (now: number) => now > 10_000 && now < 60_000;
      const all = parts(500_000, (active, now) => (active === 2 && !busy(now) ? 0.15 : 0.25));
      const at = (time: number) => all.findLast(({ from, chosen }) => from < time && chosen)!.chosen;
      expect([at(9_000), at(55_000), at(99_000)]).toEqual([2, 1, 2]);
    });

    test('less and less often: what is tried takes less than a hundredth of a long training', () => {
      const all = parts(500_000, (active) => (active === 2 ? 0.15 : 0.25));
      const tried = all
        .filter(({ active }) => active === 1)
        .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      const whole = all.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      expect(tried).toBeGreaterThan(0);
      expect(tried / whole).toBeLessThan(0.01);
    });

    test('but not where that would be a large part of what is left', () => {
      const all = parts(800, (active) => (active === 2 ? 1 : 0.5));
      expect(all.at(-1)).toMatchObject({ active: 1, chosen: 1 });
      expect(all.filter(({ active }) => active === 2)).toHaveLength(4);
    });
  });
});
