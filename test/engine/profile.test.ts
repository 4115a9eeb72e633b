// A profiled run has the same bits, and reports the activities of its threads.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  activities,
  createProfile,
  type Profile,
  profiler,
  spanName,
  takeProfile,
  tracedSteps,
} from '#lockstep/engine/profile.js';
import type { Executor } from '#lockstep/parallel/executor.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import { recordProfile } from '#lockstep/run/record-profile.js';
import type { EpochEvent } from '#lockstep/training/events.js';
import { train } from '#lockstep/training/train.js';
import { resolve, runToEnd, syntheticDataset } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';
import { digests } from '../support/digests.ts';

const dataset = syntheticDataset({ train: 600, test: 40 });
const experiment = resolve({
  data: { validation: 30 },
  model: [{ kind: 'dense', units: 9 }, 'batch-norm', 'relu', { kind: 'dense', units: 'classes' }],
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  batchSize: 16,
  epochs: 2,
});

/** Where each activity belongs. The samples of this network are lists, by columns. */
const phases: Record<string, readonly string[]> = {
  gather: ['columns', 'rows', 'parameters'],
  forward: ['columns', 'rows'],
  loss: ['rows'],
  backward: ['rows'],
  statistics: ['statistics'],
  update: ['parameters'],
  evaluate: ['evaluation'],
};

async function profiled(executor: Executor) {
  const events: EpochEvent[] = [];
  for await (const event of train(experiment, { dataset, executor, profile: true })) {
    if (event.kind === 'epoch') events.push(event);
    if (event.kind === 'end') return { events, end: event };
  }
  throw new Error('the training did not end');
}

describe.each([inline(), threads(1), threads(3)])('$name', (executor) => {
  test('has the bits of a run that is not profiled', async () => {
    const { activeThreads, ...end } = (await profiled(executor)).end;
    expect(activeThreads).toBeLessThanOrEqual(executor.threads);
    expect(digests(end)).toStrictEqual(digests((await runToEnd(experiment, dataset, inline())).end));
  });

  test('every activity takes time in some thread, and all of them at most the time of the run', async () => {
    const { events } = await profiled(executor);
    for (const { profile, seconds } of events) {
      expect(profile!.threads).toHaveLength(executor.threads);
      for (const activity of activities) {
        const spent = profile!.threads.map((thread) => thread[activity]);
        expect(Math.max(...spent), activity).toBeGreaterThan(0);
        expect(Math.max(...spent)).toBeLessThan(seconds + 1);
      }
      for (const [thread, { waiting }] of profile!.threads.entries()) {
        expect(waiting).toBeGreaterThanOrEqual(0);
        const waits = profile!.waits[thread]!;
        expect(waits.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(waiting, 9);
        const work = profile!.work[thread]!;
        for (const { phase, activity } of work) expect(phases[activity], activity).toContain(phase);
      }
    }
  });

  test('spans: each block of rows is done once a step, and those of a thread do not overlap', async () => {
    const { events } = await profiled(executor);
    const { spans } = events[1]!.profile as Profile;
    const losses = spans.filter(({ activity }) => activity === 'loss');
    expect(new Set(losses.map(({ step }) => step)).size).toBe(tracedSteps);
    expect(losses.length % tracedSteps).toBe(0);
    const gathers = spans.filter(({ activity }) => activity === 'gather');
    expect(new Set(gathers.map(({ step }) => step)).size).toBe(tracedSteps);
    for (let thread = 0; thread < executor.threads; thread++) {
      let end = Number.NEGATIVE_INFINITY;
      for (const span of spans.filter((span) => span.thread === thread)) {
        expect(span.begin).toBeGreaterThanOrEqual(end);
        expect(span.end).toBeGreaterThanOrEqual(span.begin);
        end = span.end;
      }
    }
  });
});

test('profile.csv has a row an epoch and thread, trace.json what a trace viewer opens', async () => {
  const folder = await temporaryFolder();
  let recorder: ReturnType<typeof recordProfile> | undefined;
  for await (const event of train(experiment, { dataset, executor: threads(2), profile: true })) {
    if (event.kind === 'start') recorder = recordProfile(folder, event.plan.network);
    if (event.kind === 'epoch') recorder!.add(event);
  }
  const totals = await recorder!.end();
  expect(totals.threads).toHaveLength(2);
  const [header, ...rows] = (await readFile(join(folder, 'profile.csv'), 'utf8')).trimEnd().split('\n');
  const columns = header!.split(',');
  expect(columns.slice(0, 10).join()).toBe(
    'epoch,thread,gather,forward,loss,backward,statistics,update,evaluate,waiting',
  );
  expect(columns).toContain('wait_rows_between_blocks');
  for (const column of columns.slice(10)) expect(column).toMatch(/^wait_[a-z_]+$/);
  expect(rows.map((row) => row.split(',').slice(0, 2).join())).toEqual(['1,1', '1,2', '2,1', '2,2']);
  const { traceEvents } = JSON.parse(await readFile(join(folder, 'trace.json'), 'utf8'));
  const names = new Set(traceEvents.map(({ name }: { name: string }) => name));
  for (const name of [
    'thread_name',
    'gather',
    'forward model[0] dense',
    'statistics model[1] batch-norm',
    'update',
  ]) {
    expect(names).toContain(name);
  }
});

test('a span of no layer has the name of its activity', () => {
  const span = { thread: 0, node: undefined, phase: 'parameters', step: 0, begin: 0, end: 1 } as const;
  expect(spanName({ ...span, activity: 'update' }, { nodes: [] } as never)).toBe('update');
  expect(spanName({ ...span, activity: 'asleep' }, { nodes: [] } as never)).toBe('parameters: asleep');
});

describe('a pen writes down all time, each moment once', () => {
  /** Two commands of one thread: what happens, with the milliseconds that pass before. */
  function twoCommands() {
    let now = 0;
    const memory = createProfile(1);
    const pen = profiler(memory, 0, () => now);
    const pass = (milliseconds: number) => {
      now += milliseconds;
      return pen;
    };
    const forward = pen.timed('forward', (milliseconds: number) => pass(milliseconds), 2);
    const update = pen.timed('update', (milliseconds: number) => pass(milliseconds));
    const { watch } = pen;
    pen.command(() => {
      pen.at(0);
      pass(1).enter('rows');
      forward(2);
      pass(4);
      forward(8);
      pass(16);
      watch.waits(true);
      pass(32);
      watch.goesOn();
      pen.enter('parameters');
      pass(64);
      watch.waits(false);
      pass(128);
      watch.sleeps();
      pass(256);
      watch.goesOn();
      watch.ends();
      pass(512);
    }, true);
    pass(1024);
    const first = takeProfile(memory);
    pen.command(() => {
      pen.enter('parameters');
      update(2048);
      watch.ends();
    }, true);
    return { first, second: takeProfile(memory) };
  }
  const inMilliseconds = <T extends { seconds: number }>(parts: readonly T[]) =>
    parts.map(({ seconds, ...part }) => ({ ...part, milliseconds: Math.round(seconds * 1000) }));

  test('by phase and cause', () => {
    const { first, second } = twoCommands();
    expect(inMilliseconds(first.work[0]!)).toEqual([
      { phase: 'rows', activity: 'forward', milliseconds: 10 },
    ]);
    expect(inMilliseconds(first.waits[0]!)).toEqual([
      { phase: 'rows', cause: 'block still held', milliseconds: 32 },
      { phase: 'rows', cause: 'between blocks', milliseconds: 1 + 4 + 16 },
      { phase: 'parameters', cause: 'no block left', milliseconds: 128 },
      { phase: 'parameters', cause: 'asleep', milliseconds: 256 },
      { phase: 'parameters', cause: 'between blocks', milliseconds: 64 },
    ]);
    // The end of a command, and what comes between two, are told when the next one begins.
    expect(inMilliseconds(second.waits[0]!)).toEqual([
      { phase: undefined, cause: 'end of a command', milliseconds: 512 },
      { phase: undefined, cause: 'between commands', milliseconds: 1024 },
    ]);
    const all = [first, second].flatMap(({ threads }) => Object.values(threads[0]!));
    expect(Math.round(1000 * all.reduce((sum, seconds) => sum + seconds, 0))).toBe(4095);
  });

  test('and as spans', () => {
    const { spans } = twoCommands().first;
    expect(spans.map(({ activity, phase, node }) => ({ activity, phase, node }))).toEqual([
      { activity: 'forward', phase: 'rows', node: 2 },
      { activity: 'forward', phase: 'rows', node: 2 },
      { activity: 'block still held', phase: 'rows', node: undefined },
      { activity: 'no block left', phase: 'parameters', node: undefined },
      { activity: 'asleep', phase: 'parameters', node: undefined },
    ]);
    expect(spans.map(({ begin, end }) => end - begin)).toEqual([2, 8, 32, 128, 256]);
  });

  test('but not of a command in which it takes no part', () => {
    let now = 0;
    const memory = createProfile(1);
    const pen = profiler(memory, 0, () => now++);
    for (let command = 0; command < 3; command++) pen.command(() => {}, false);
    const { threads, waits } = takeProfile(memory);
    expect(Object.values(threads[0]!)).toEqual(new Array(8).fill(0));
    expect(waits).toEqual([[]]);
  });
});
