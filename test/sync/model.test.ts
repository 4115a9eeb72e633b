/**
 * The code of the barrier, in every order in which threads can go through it. Real threads try few of them.
 * Nothing has a timeout here: whoever sleeps until it is woken, and is not, sleeps for ever.
 */
import { describe, expect, test } from 'vitest';
import { generator, isCaught } from '../../scripts/survive/barrier.mjs';
import { barrierFaults } from '../../scripts/survive/barrier-faults.mjs';
import { barrierModel } from '../../scripts/survive/barrier-model.mjs';
import { exploreAll, exploreRandomly } from '../../scripts/survive/explore.mjs';
import { step } from '../../scripts/survive/stepped.mjs';

const right = { wrong: undefined, schedule: [] };
const noSpin = { manySpins: 0, fewSpins: 0 };

describe('in every order, each block is run once, in its phase, and nobody waits for ever', () => {
  test.each([
    [{ threads: 2, lengths: [2, 1], steps: [2, 1], stopped: true }],
    [{ threads: 2, lengths: [2], steps: [5], constants: { phaseNumbers: 2 } }],
    [{ threads: 3, lengths: [2], steps: [1] }],
    [{ threads: 3, active: 2, lengths: [1], steps: [1, 1], constants: noSpin }],
  ])('%j', (model) => {
    expect(exploreAll(barrierModel(model))).toMatchObject({ ...right, complete: true });
  });

  test('if a thread is lost at any moment, those that look up now and then leave', () => {
    const model = barrierModel({ threads: 2, lengths: [2], steps: [2], lossy: true, patient: true });
    expect(exploreAll(model, { mustEnd: true })).toMatchObject({ ...right, complete: true });
  });

  test('only after a loss they have to look up: one may fall asleep just after all were woken', () => {
    const { wrong, schedule } = exploreAll(
      barrierModel({ threads: 2, lengths: [2], steps: [2], lossy: true }),
    );
    expect(wrong).toBe('worker 1 wait for ever');
    expect(schedule).toContain('worker 0 dies');
    expect(schedule.findIndex((line) => /worker 1 wait/.test(line))).toBeGreaterThan(
      schedule.findIndex((line) => /loss notify/.test(line)),
    );
  });
});

test('in random orders of five threads', () => {
  const model = { threads: 5, lengths: [3, 1, 6], steps: [3, 2], constants: { phaseNumbers: 2 } };
  for (const way of [{ stopped: true }, { lossy: true, patient: true }]) {
    expect(exploreRandomly(barrierModel({ ...model, ...way }), generator(1), 50)).toMatchObject(right);
  }
});

test.each(Object.entries(barrierFaults))('it would be found that %s', (_, fault) => {
  expect(isCaught(fault)).toBe(true);
});

describe('code that the model does not understand is refused', () => {
  test.each([
    ['const f = Atomics.load;', 'only calls of Atomics'],
    ['Atomics.exchange(w, 0, 1);', 'only calls of Atomics'],
    ['export const x = Atomics.load(w, 0);', 'when it is loaded'],
    ['function f() { Atomics.load(w, 0); } const g = [f];', 'may only be called'],
    ['function f() { return () => Atomics.load(w, 0); }', 'an argument of one that does'],
  ])('%s', (code, message) => {
    expect(() => step(code, { file: 'x.js' })).toThrow(message);
  });

  test('and so is code without the constants that are made smaller', () => {
    expect(() => step('const a = 1;', { file: 'x.js', constants: { b: 2 } })).toThrow('the constants b');
  });
});
