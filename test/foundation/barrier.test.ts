import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { abandon, lonelyMeeting, type Meeting } from '#lockstep/foundation/barrier.js';
import { type Control, createControl, words } from '#lockstep/foundation/protocol.js';

const file = new URL('../support/barrier-worker.mjs', import.meta.url);

/** Starts the first `present` of `threads` threads on this task, and gives what each sends back. */
function start(control: Control, threads: number, task: object, spin = false, present = threads) {
  return Array.from({ length: present }, async (_, thread): Promise<unknown> => {
    const workerData = { task, control: control.words.buffer, thread, threads, spin };
    const worker = new Worker(file, { workerData });
    const [answer] = await once(worker, 'message');
    await worker.terminate();
    return answer;
  });
}

const sharedWords = (count: number) => new Int32Array(new SharedArrayBuffer(4 * count));

/** All blocks that one thread can claim. */
function claimAll(meeting: Meeting, blocks: number): number[] {
  const claimed: number[] = [];
  for (let block = meeting.claim(blocks); block >= 0; block = meeting.claim(blocks)) claimed.push(block);
  return claimed;
}

describe('threads', () => {
  const crews = [
    { threads: 1, spin: false },
    { threads: 2, spin: false },
    { threads: 2, spin: availableParallelism() >= 2 },
    { threads: 3, spin: false },
    { threads: 7, spin: false },
  ];

  test.each(crews)(
    '$threads (spinning: $spin) claim each block once in 2,000 rounds, and see all of it',
    async ({ threads, spin }) => {
      // Fewer blocks than threads, as many, more; not a multiple; and none at all.
      const lengths = [1, threads, 64, 0, threads + 1, 5, 3 * threads - 1, 2];
      const [counts, written, owners] = [sharedWords(64), sharedWords(64), sharedWords(64)];
      const task = { name: 'rounds', rounds: 2000, lengths, counts, written, owners };
      const wrong = await Promise.all(start(createControl(threads), threads, task, spin));
      expect(wrong).toEqual(new Array(threads).fill(0));
      const expected = (block: number) => 250 * lengths.filter((length) => length > block).length;
      expect([...counts]).toEqual(Array.from(counts, (_, block) => expected(block)));
    },
  );

  test('a slow thread loses blocks of its share to the others, and each is still claimed once', async () => {
    const [counts, written, owners] = [sharedWords(30), sharedWords(30), sharedWords(30)];
    const task = { name: 'rounds', rounds: 5, lengths: [30], counts, written, owners, slow: 0 };
    expect(await Promise.all(start(createControl(3), 3, task))).toEqual([0, 0, 0]);
    expect([...counts]).toEqual(new Array(30).fill(5));
    // Blocks 0 to 9 are its share.
    expect([...owners.subarray(0, 10)].filter((thread) => thread !== 0).length).toBeGreaterThan(3);
    expect([...owners.subarray(10)].filter((thread) => thread === 0)).toEqual([]);
  });

  test('all stop after the same step when somebody asks for it', async () => {
    const control = createControl(3);
    const answers = start(control, 3, { name: 'steps' });
    while (Atomics.load(control.words, words.steps) < 100) await new Promise((go) => setTimeout(go, 5));
    Atomics.store(control.words, words.stop, 1);
    const steps = await Promise.all(answers);
    expect(new Set(steps).size).toBe(1);
    expect(steps[0]).toBeGreaterThanOrEqual(100);
    expect(steps[0]).toBe(Atomics.load(control.words, words.steps));
  });

  test('abandon wakes sleepers within a quarter of a second, before they look up by themselves', async () => {
    const control = createControl(3);
    const answers = start(control, 3, { name: 'lost' }, false, 2);
    while (Atomics.load(control.words, words.sleeping) < 2) await new Promise((go) => setTimeout(go, 5));
    await new Promise((go) => setTimeout(go, 30));
    const begun = performance.now();
    abandon(control);
    expect(await Promise.all(answers)).toEqual(['abandoned', 'abandoned']);
    expect(performance.now() - begun).toBeLessThan(250);
  });
});

describe('a lonely meeting', () => {
  test('claims every block in order, phase after phase', () => {
    const meeting = lonelyMeeting(createControl(1));
    for (const blocks of [3, 0, 5]) {
      expect(claimAll(meeting, blocks)).toEqual(Array.from({ length: blocks }, (_, block) => block));
      meeting.meet();
    }
  });

  test('counts steps, and stops after the step in which it was asked to', () => {
    const control = createControl(1);
    const meeting = lonelyMeeting(control);
    meeting.meetAfterStep(1);
    expect([meeting.stopped(), control.words[words.steps]]).toEqual([false, 1]);
    Atomics.store(control.words, words.stop, 1);
    expect(meeting.stopped()).toBe(false);
    meeting.meetAfterStep(2);
    expect([meeting.stopped(), control.words[words.steps]]).toEqual([true, 2]);
  });
});
