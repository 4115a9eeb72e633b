// The parts of the model of a step on n threads that are arithmetic.
import { expect, test } from 'vitest';
import { shareOf } from '../../bench/model/emulate.mjs';
import { linesMoved, makespan, predict, sharedCores } from '../../bench/model/predict.mjs';
import { threadCounts } from '../../bench/sections/scaling.mjs';

test('shares of blocks: all of them, each once, and as equal as can be', () => {
  for (const [blocks, threads] of [
    [8, 4],
    [7, 3],
    [2, 5],
  ] as const) {
    const shares = Array.from({ length: threads }, (_, thread) => shareOf(blocks, threads, thread));
    expect(shares[0]!.first).toBe(0);
    expect(shares.at(-1)!.end).toBe(blocks);
    for (let thread = 1; thread < threads; thread++) {
      expect(shares[thread]!.first).toBe(shares[thread - 1]!.end);
    }
  }
});

test.each([
  [[1, 1, 1, 1], 2, 2],
  // One block more than threads.
  [[1, 1, 1], 2, 2],
  // The second thread takes the last block of the first.
  [[1, 4, 1, 1, 1, 1], 2, 5],
  // Fewer blocks than threads.
  [[3], 4, 3],
  [[1, 2, 3], 1, 6],
])('blocks of %j on %d threads take %d', (blocks, threads, time) => {
  expect(makespan(blocks, threads)).toBe(time);
});

test('threads that share physical cores', () => {
  const machine = { physical: 8, sibling: 0.6 };
  expect(sharedCores(8, machine)).toBe(1);
  // All cores are shared: each thread has 0.6 of one.
  expect(sharedCores(16, machine)).toBeCloseTo(1 / 0.6, 12);
  // Two of eight cores are: 6 + 4 * 0.6 cores for ten threads.
  expect(sharedCores(10, machine)).toBeCloseTo(10 / 8.4, 12);
});

/** A plan of two dense layers, 8 to 32 to 16, in minibatches of 64 rows; the first reads lists of images. */
const plan = {
  batchSize: 64,
  stepsPerEpoch: 10,
  map: {
    packed: {},
    parameters: [
      { offset: 0, rows: 8, columns: 32, width: 32 },
      { offset: 256, rows: 32, columns: 16, width: 8 },
    ],
  },
  network: {
    values: [{ columns: 8, samples: true }, { columns: 32 }, { columns: 16 }],
    parameters: [{ count: 8 * 32 }, { count: 32 * 16 }],
    nodes: [
      { role: 'layer', plan: { reads: { x: 'operand' } }, parameters: [0], x: 0, y: 1 },
      { role: 'layer', plan: { reads: { x: 'operand' } }, parameters: [1], x: 1, y: 2 },
    ],
  },
} as never;

test('cache lines that others have written: none on one thread, and on two half of what is shared', () => {
  expect(linesMoved(plan, 1)).toEqual({ columns: 0, rows: 0, statistics: 0, parameters: 0 });
  const rows = (64 * 32) / 2 + 32 * 16;
  const parameters = (64 * 32) / 2 + (64 * 32) / 2 + 64 * 16;
  expect(linesMoved(plan, 2)).toEqual({
    columns: 0,
    rows: rows / 2 / 16,
    statistics: 0,
    parameters: parameters / 2 / 16,
  });
});

test('the parts of a prediction add up to it', () => {
  const one = { plan, phases: [{ name: 'rows', blocks: [8] }], activities: { gather: 1, forward: 7 } };
  const two = { plan, phases: [{ name: 'rows', blocks: [4, 6] }], activities: { gather: 2, forward: 8 } };
  const machine = { physical: 1, sibling: 0.5, meeting: () => 0.25, line: 0, away: 0.1 };
  const { all, ...parts } = predict(one, two, 2, machine);
  const step = {
    work: 4,
    lists: 0.5,
    smaller: 0.5,
    uneven: 1,
    meetings: 0.25,
    lines: 0,
    shared: 6,
    away: 0.2 * 12.25,
  };
  for (const [name, seconds] of Object.entries(step)) {
    expect(parts[name], name).toBeCloseTo(10 * seconds, 9);
  }
  expect(all).toBeCloseTo(
    Object.values(parts).reduce((sum, part) => sum + part, 0),
    9,
  );
});

test('numbers of threads that are measured', () => {
  expect(threadCounts(1)).toEqual([1]);
  expect(threadCounts(2)).toEqual([1, 2]);
  expect(threadCounts(12)).toEqual([1, 2, 4, 8, 12]);
  expect(threadCounts(16)).toEqual([1, 2, 4, 8, 16]);
});
