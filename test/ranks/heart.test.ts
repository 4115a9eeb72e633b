// A rank that is silent is noticed, and one that was stopped itself blames nobody.
import { expect, test } from 'vitest';
import { startHeart } from '#lockstep/ranks/heart.js';

function heartOf(rank: number, { speaks }: { speaks: (peer: number) => boolean }) {
  const state = { time: 0, told: [] as number[], lost: [] as number[] };
  const heart = startHeart(
    { rank, size: 3, beat: (to) => void state.told.push(to), hears: speaks },
    5000,
    (peer) => void state.lost.push(peer),
    () => state.time,
  );
  const wait = (milliseconds: number, step = 100) => {
    for (const end = state.time + milliseconds; state.time < end; ) {
      state.time += step;
      heart.turn();
    }
  };
  return { state, wait };
}

test('rank 0 tells all others that it lives, and they tell rank 0', () => {
  const first = heartOf(0, { speaks: () => true });
  first.wait(1000);
  expect(first.state.told).toEqual([1, 2, 1, 2]);
  const second = heartOf(2, { speaks: () => true });
  second.wait(1000);
  expect(second.state.told).toEqual([0, 0]);
  expect([...first.state.lost, ...second.state.lost]).toEqual([]);
});

test('a rank that is silent for too long is lost', () => {
  const { state, wait } = heartOf(0, { speaks: (peer) => peer !== 2 });
  wait(4800);
  expect(state.lost).toEqual([]);
  wait(400);
  expect(new Set(state.lost)).toEqual(new Set([2]));
});

test('a process that was stopped itself counts only its own ticks', () => {
  const { state, wait } = heartOf(1, { speaks: () => false });
  wait(60_000, 60_000);
  expect(state.lost).toEqual([]);
});
