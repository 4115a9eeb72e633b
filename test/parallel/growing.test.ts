import { beforeEach, expect, test, vi } from 'vitest';
import type { Executor } from '#lockstep/parallel/executor.js';
import { growing } from '#lockstep/parallel/growing.js';
import { inline } from '#lockstep/parallel/inline.js';
import { availableCores } from '#lockstep/platform/cores.js';
import { attachControl, words } from '#lockstep/sync/control.js';
import { resolve, runToEnd, type Settings, syntheticDataset } from '../../scripts/golden.mjs';
import { digests } from '../support/digests.ts';

const dense = (units: number | 'classes') => ({ kind: 'dense', units });

const dataset = syntheticDataset({ train: 503, test: 97 });

/** Six epochs of four steps. */
const settings: Settings = {
  data: { validation: 56 },
  model: [dense(50), 'batch-norm', 'relu', { kind: 'dropout', rate: 0.2 }, dense('classes')],
  optimizer: { kind: 'adam', learningRate: 0.003, clipNorm: 1 },
  batchSize: 112,
  epochs: 6,
};

/** What was seen after a command to train. */
interface Seen {
  /** Threads that take part. */
  active: number;
  /** Threads that have been started so far. */
  started: number;
  /** Commands that the threads of this session have been given; none where there are no threads. */
  commands: number;
}

// Each look at the clock finds that a second has passed. So the steps of an epoch always take long enough
// for more threads to be worth their start, and the rest is too short to find out whether fewer threads were
// faster.
beforeEach(() => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1000;
    return now;
  });
  return () => clock.mockRestore();
});

let started = 0;
beforeEach(() => {
  started = 0;
  const count = () => started++;
  process.on('worker', count);
  return () => process.off('worker', count);
});

/** The executor, told that the training has so many steps; tells what is seen of its session. */
function watched(executor: Executor, steps: number, seen: Seen[]): Executor {
  return {
    ...executor,
    async start(task) {
      const { words: w } = attachControl(task.control);
      const session = await executor.start(task, steps);
      return {
        ...session,
        async run(command) {
          await session.run(command);
          if (command.kind !== 'train') return;
          const commands = Atomics.load(w, words.command);
          seen.push({ active: session.active(), started, commands });
        },
      };
    },
  };
}

/** Trains with an executor that may take so many threads in each epoch. */
async function grow(free: readonly number[], steps: number) {
  const seen: Seen[] = [];
  let asked = 0;
  const executor = growing(Math.max(...free), () => free[asked++]!);
  const run = await runToEnd(resolve(settings), dataset, watched(executor, steps, seen));
  expect(asked).toBe(free.length);
  return { run, seen };
}

const alone = () => runToEnd(resolve(settings), dataset, inline());

test('more threads take over when they are free, again and again, and the bits are the same', async () => {
  const { run, seen } = await grow([1, 2, 2, 3, 1, 3], 24);
  expect(digests(run)).toStrictEqual(digests(await alone()));
  const ofCores = (threads: number) => Math.min(threads, availableCores());
  expect(seen.map(({ active }) => active)).toEqual([1, 2, 2, 3, 3, 3].map(ofCores));
  expect(seen.map(({ started }) => started)).toEqual([0, 2, 2, 2 + 3, 2 + 3, 2 + 3]);
  // Threads have a command an epoch to train, and one to evaluate; those that take over begin to count anew.
  expect(seen.map(({ commands }) => commands)).toEqual([0, 1, 3, 1, 3, 5]);
});

test('a training that is over before threads have started stays alone', async () => {
  // After the first epoch nothing is left, as far as the executor knows.
  const { run, seen } = await grow([2, 2, 2, 2, 2, 2], 4);
  expect(digests(run)).toStrictEqual(digests(await alone()));
  expect(seen).toEqual(Array(6).fill({ active: 1, started: 0, commands: 0 }));
});
