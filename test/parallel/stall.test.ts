// When threads that finish nothing count as stuck. The clocks are those of the test.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type StallWatch, watchStalls } from '#lockstep/parallel/stall.js';

let now = 0;
let spent = 0;
let words: Int32Array<SharedArrayBuffer>;
let stuck: number[];
let watch: StallWatch;
let hasBegun: boolean;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  [now, spent] = [0, 0];
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: 1000 * spent, system: 0 }));
  words = new Int32Array(new SharedArrayBuffer(4));
  stuck = [];
  hasBegun = false;
  watch = watchStalls({ words, hasBegun: () => hasBegun }, (seconds) => void stuck.push(seconds), 30);
  watch.begin();
});

afterEach(() => {
  watch.end();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Lets seconds go by, in which the process has this share of a core. A look comes every so many ms. */
function wait(seconds: number, { share = 1, every = 250 } = {}): void {
  for (let past = 0; past < 1000 * seconds; past += every) {
    now += every;
    spent += share * every;
    vi.advanceTimersByTime(250);
  }
}

/** Some thread finishes a block. */
function finish(): void {
  words[0]!++;
  wait(0.25);
}

/** Threads start slowly; then one claims a block and finishes it. */
function begin(): void {
  wait(15);
  finish();
  finish();
}

describe('a loop', () => {
  test('is noticed after 30 s in which the process worked, once', () => {
    begin();
    wait(29);
    expect(stuck).toEqual([]);
    wait(2);
    expect(stuck).toEqual([30]);
    wait(100);
    expect(stuck).toHaveLength(1);
  });

  test('is noticed after 20 times the longest block, if that is longer', () => {
    begin();
    wait(5);
    finish();
    wait(99);
    expect(stuck).toEqual([]);
    wait(8);
    expect(stuck).toHaveLength(1);
  });

  test('is noticed as soon in a second command, if the first was too short to be seen', () => {
    watch.rest();
    watch.begin();
    wait(29);
    expect(stuck).toEqual([]);
    wait(2);
    expect(stuck).toHaveLength(1);
  });

  test('is noticed as soon after some steps that were all done before the first look', () => {
    hasBegun = true;
    wait(29);
    expect(stuck).toEqual([]);
    wait(2);
    expect(stuck).toHaveLength(1);
  });

  test('before the first block, when threads start, is noticed after 5 minutes', () => {
    wait(299);
    expect(stuck).toEqual([]);
    wait(2);
    expect(stuck).toHaveLength(1);
  });
});

describe('is no stall', () => {
  beforeEach(() => begin());

  test('a machine that was stopped, or had no core for this process', () => {
    wait(3600, { every: 1500 });
    wait(29);
    expect(stuck).toEqual([]);
    wait(2);
    expect(stuck).toHaveLength(1);
  });

  test('a process that waits, for four times as long', () => {
    wait(119, { share: 0 });
    expect(stuck).toEqual([]);
    wait(2, { share: 0 });
    expect(stuck).toHaveLength(1);
  });

  test('one slow block after the other', () => {
    for (let block = 0; block < 20; block++) {
      wait(25);
      finish();
    }
    expect(stuck).toEqual([]);
  });

  test('the time between two commands', () => {
    wait(20);
    watch.rest();
    wait(1000);
    watch.begin();
    wait(29);
    expect(stuck).toEqual([]);
  });
});
