import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { abandon, mostBlocks, takePart } from '#lockstep/sync/barrier.js';
import { type Control, claimWord, createControl, words } from '#lockstep/sync/control.js';
import { pause, turnsOfPause } from '#lockstep/sync/pause.js';

const file = new URL('../support/phases-worker.mjs', import.meta.url);

/** Starts the first `present` of `threads` threads on this task. Returns their answers. */
function start(control: Control, threads: number, task: object, cores: number, present = threads) {
  return Array.from({ length: present }, async (_, thread): Promise<unknown> => {
    const workerData = { task, buffer: control.words.buffer, thread, threads, cores };
    const worker = new Worker(file, { workerData });
    const [answer] = await once(worker, 'message');
    await worker.terminate();
    return answer;
  });
}

const sharedWords = (count: number) => new Int32Array(new SharedArrayBuffer(4 * count));
const cores = availableParallelism();

describe('threads', () => {
  test.each([
    { threads: 1, awake: 1 },
    { threads: 2, awake: 1 },
    { threads: 2, awake: cores },
    { threads: 3, awake: 2 },
    { threads: 7, awake: 7 },
    { threads: 16, awake: cores },
  ])(
    '$threads, $awake awake, run each block once in 3 programs of 1,000 phases, and see the phase before',
    async ({ threads, awake }) => {
      // Fewer blocks than threads, as many, and more; not always a multiple.
      const lengths = [1, threads, 64, threads + 1, 5, 3 * threads - 1, 2];
      const [counts, written, owners] = [sharedWords(64), sharedWords(128), sharedWords(64)];
      const task = { name: 'rounds', programs: 3, phases: 1000, lengths, counts, written, owners };
      const wrong = await Promise.all(start(createControl(threads), threads, task, awake));
      expect(wrong).toEqual(new Array(threads).fill(0));
      const expected = (block: number) =>
        3 *
        Array.from({ length: 1000 }, (_, phase) => lengths[phase % lengths.length]!).filter((n) => n > block)
          .length;
      expect([...counts]).toEqual(Array.from(counts, (_, block) => expected(block)));
    },
  );

  test('go on past the range of phase numbers', async () => {
    const [counts, written, owners] = [sharedWords(4), sharedWords(8), sharedWords(4)];
    const task = { name: 'rounds', programs: 2, phases: 70_000, lengths: [3, 1], counts, written, owners };
    expect(await Promise.all(start(createControl(2), 2, task, cores))).toEqual([0, 0]);
    expect([...counts]).toEqual([140_000, 70_000, 70_000, 0]);
  });

  test('help a slow one: it loses blocks of its share, and each is still done once', async () => {
    const [counts, written, owners] = [sharedWords(30), sharedWords(60), sharedWords(30)];
    const task = { name: 'rounds', programs: 1, phases: 5, lengths: [30], counts, written, owners, slow: 0 };
    expect(await Promise.all(start(createControl(3), 3, task, 3))).toEqual([0, 0, 0]);
    expect([...counts]).toEqual(new Array(30).fill(5));
    // Blocks 0 to 9 are the slow thread's share.
    expect([...owners.subarray(0, 10)].filter((thread) => thread !== 0).length).toBeGreaterThan(3);
  });

  test('that are not there yet are not waited for within a program', async () => {
    const [counts, written, owners] = [sharedWords(8), sharedWords(16), sharedWords(8)];
    const control = createControl(2);
    const task = { name: 'rounds', programs: 1, phases: 50, lengths: [8], counts, written, owners };
    const [first] = start(control, 2, task, cores, 1);
    while (Atomics.load(control.words, words.arrived) < 1) await new Promise((go) => setTimeout(go, 5));
    expect([...counts]).toEqual(new Array(8).fill(50));
    // Only the end of the program needs all threads.
    abandon(control);
    await expect(first).rejects.toThrow('another thread was lost');
  });

  test('all stop after the same phase when somebody asks for it', async () => {
    const control = createControl(3);
    const answers = start(control, 3, { name: 'steps' }, cores);
    while (Atomics.load(control.words, words.steps) < 100) await new Promise((go) => setTimeout(go, 5));
    Atomics.store(control.words, words.stop, 1);
    const steps = await Promise.all(answers);
    expect(new Set(steps).size).toBe(1);
    expect(steps[0]).toBeGreaterThanOrEqual(100);
  });

  test('that sleep are woken by abandon within a quarter of a second, before they look up', async () => {
    const control = createControl(3);
    const answers = start(control, 3, { name: 'lost' }, 3);
    while (Atomics.load(control.words, words.sleeping) < 2) await new Promise((go) => setTimeout(go, 5));
    await new Promise((go) => setTimeout(go, 30));
    const woken: unknown[] = [];
    const all = Promise.all(answers.map(async (answer) => woken.push(await answer)));
    const begun = performance.now();
    abandon(control);
    while (woken.length < 2 && performance.now() - begun < 250) await new Promise((go) => setTimeout(go, 1));
    expect(woken).toEqual(['abandoned', 'abandoned']);
    // The thread that holds the block sleeps on another word. If it were woken earlier, it could end the
    // phase before the others look.
    Atomics.notify(control.words, words.abort);
    await all;
  });
});

describe('a watch is told how a thread waits', () => {
  /**
   * One of two threads, in a phase of two blocks, whose other thread has done its part of the program and is
   * at its end, but has not said so: this happens when `over` is called.
   */
  function watched({ taken, over, thread = 0 }: { taken: number[]; over?: string; thread?: number }) {
    const control = createControl(2);
    const { words: w } = control;
    for (const share of taken) Atomics.store(w, claimWord(share), 1);
    Atomics.store(w, words.arrived, 1);
    // If nothing ends the phase, the thread throws and does not sleep for ever.
    Atomics.store(w, words.abort, 1);
    const calls: string[] = [];
    const call = (name: string) => {
      calls.push(name);
      if (name.startsWith(over ?? ' ')) Atomics.store(w, words.phase, 1);
    };
    const watch = {
      waits: (took: boolean) => call(`waits ${took}`),
      sleeps: () => call('sleeps'),
      goesOn: () => call('goes on'),
      ends: () => call('ends'),
    };
    const run = (block: number) => calls.push(`block ${block}`);
    const program = { phases: 1, begin: () => 2, run, done: () => false };
    const active = thread === 0 ? 2 : 1;
    takePart(control, { thread, threads: 2, cores: 2, active }, program, watch);
    return calls;
  }

  test.each([
    { taken: [0, 1], over: 'waits', calls: ['waits false', 'goes on', 'ends'] },
    { taken: [0, 1], over: 'sleeps', calls: ['waits false', 'sleeps', 'goes on', 'ends'] },
    { taken: [1], over: 'waits', calls: ['block 0', 'waits true', 'goes on', 'ends'] },
    { taken: [1], over: 'sleeps', calls: ['block 0', 'waits true', 'sleeps', 'goes on', 'ends'] },
    { taken: [], calls: ['block 0', 'block 1', 'ends'] },
    { taken: [], thread: 1, calls: [] },
  ])('%j', ({ calls, ...given }) => {
    expect(watched(given)).toEqual(calls);
  });
});

test('a pause counts for as many turns as it may take, and for one where the engine has none', () => {
  expect(pause()).toBeUndefined();
  expect(Number.isInteger(turnsOfPause)).toBe(true);
  const has = 'pause' in Atomics;
  expect(turnsOfPause).toBeGreaterThanOrEqual(has ? 2 : 1);
  expect(turnsOfPause).toBeLessThanOrEqual(has ? 60 : 1);
});

describe('one participant alone', () => {
  const alone = { thread: 0, threads: 1, cores: 1, active: 1 };

  test('does every block in order, phase after phase', () => {
    const seen: string[] = [];
    let now = 0;
    const begin = (phase: number) => {
      now = phase;
      return [3, 1, 2][phase]!;
    };
    takePart(createControl(1), alone, {
      phases: 3,
      begin,
      run: (block) => seen.push(`${now}.${block}`),
      done: () => false,
    });
    expect(seen).toEqual(['0.0', '0.1', '0.2', '1.0', '2.0', '2.1']);
  });

  test('ends after the phase that says so, and can start again', () => {
    const control = createControl(1);
    for (let program = 0; program < 2; program++) {
      const phases: number[] = [];
      takePart(control, alone, {
        phases: 10,
        begin: (phase) => phases.push(phase),
        run: () => {},
        done: (phase) => phase === 2,
      });
      expect(phases).toEqual([0, 1, 2]);
    }
  });

  test.each([mostBlocks + 1, 0, Number.NaN])(
    'refuses a phase of %d blocks, which would never end',
    (blocks) => {
      const program = { phases: 1, begin: () => blocks, run: () => {}, done: () => false };
      expect(() => takePart(createControl(1), alone, program)).toThrow(RangeError);
    },
  );
});
