import { describe, expect, test } from 'vitest';
import { rungsOf, survivors } from '#lockstep/sweep/hyperband.js';
import type { Objective } from '#lockstep/sweep/objective.js';

const early = { type: 'hyperband', strict: true } as const;
const loss: Objective = { name: 'val_loss', goal: 'minimize' };

describe('rungs are those of Weights & Biases', () => {
  test('from min_iter upward', () => {
    expect(rungsOf({ ...early, min_iter: 3, eta: 3 }, 100)).toEqual([3, 9, 27, 81]);
    expect(rungsOf({ ...early, min_iter: 1, eta: 1.5 }, 6)).toEqual([1, 2, 3, 5]);
  });
  test('from max_iter downward, s of them', () => {
    expect(rungsOf({ ...early, max_iter: 27, s: 2, eta: 3 }, 100)).toEqual([3, 9]);
    expect(rungsOf({ ...early, max_iter: 10, s: 9, eta: 2 }, 100)).toEqual([1, 2, 5]);
  });
  test('and none at the last epoch or beyond', () => {
    expect(rungsOf({ ...early, min_iter: 3, eta: 3 }, 9)).toEqual([3]);
    expect(rungsOf({ ...early, max_iter: 27, s: 3, eta: 3 }, 9)).toEqual([1, 3]);
  });
});

describe('survivors', () => {
  const arrivals = (...values: number[]) => values.map((value, i) => ({ number: i + 1, value }));
  test('are the best share, at least one', () => {
    expect(survivors(loss, 3, [], arrivals(5, 1, 4, 2, 3, 6))).toEqual(new Set([2, 4]));
    expect(survivors(loss, 3, [], arrivals(5, 1, 4, 2, 3, 6, 7))).toEqual(new Set([2, 4, 5]));
    expect(survivors(loss, 3, [], arrivals(9))).toEqual(new Set([1]));
    expect(survivors({ ...loss, name: 'val_f1', goal: 'maximize' }, 2, [], arrivals(1, 2))).toEqual(
      new Set([2]),
    );
  });
  test('of a later batch are measured against the batches before', () => {
    const before = arrivals(1, 2, 3);
    const arrived = [4, 5, 6].map((number) => ({ number, value: number }));
    expect(survivors(loss, 2, before, arrived)).toEqual(new Set());
    expect(survivors(loss, 2, before, [{ number: 4, value: 2.5 }])).toEqual(new Set());
    expect(survivors(loss, 2, before, [{ number: 4, value: 1.5 }])).toEqual(new Set([4]));
  });
  test('among equals are those with the smaller numbers, whoever came first', () => {
    const equal = arrivals(1, 1, 1, 1);
    expect(survivors(loss, 2, [], equal)).toEqual(new Set([1, 2]));
    expect(survivors(loss, 2, [], equal.toReversed())).toEqual(new Set([1, 2]));
  });
});
