// A profiled run has the same bits, and reports the activities of its threads.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { activities, type Profile, spanName, tracedSteps } from '#lockstep/engine/profile.js';
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
      for (const { waiting } of profile!.threads) expect(waiting).toBeGreaterThanOrEqual(0);
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
  expect(totals).toHaveLength(2);
  const [header, ...rows] = (await readFile(join(folder, 'profile.csv'), 'utf8')).trimEnd().split('\n');
  expect(header).toBe('epoch,thread,gather,forward,loss,backward,statistics,update,evaluate,waiting');
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
  const span = { thread: 0, activity: 'update', node: undefined, step: 0, begin: 0, end: 1 } as const;
  expect(spanName(span, { nodes: [] } as never)).toBe('update');
});
