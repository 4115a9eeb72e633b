// A sweep whose trials workers train, over a queue in memory: it must come to what it comes to alone.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Dataset } from '#lockstep/data/dataset.js';
import { datasetDigest } from '#lockstep/data/digest.js';
import { LockstepError } from '#lockstep/foundation/errors.js';
import type { QueuedSweepEvent } from '#lockstep/sweep/events.js';
import type { QueueNote } from '#lockstep/sweep/queue/seen-workers.js';
import { type WorkEvent, work } from '#lockstep/sweep/queue/work.js';
import type { SweepFile } from '#lockstep/sweep/read.js';
import { sweepOver } from '#lockstep/sweep/sweep.js';
import { openTrials } from '#lockstep/sweep/trials-file.js';
import { syntheticDataset } from '../../../scripts/golden.mjs';
import { temporaryFolder } from '../../support/data-files.ts';
import { type MemoryQueue, memoryQueue } from '../../support/memory-queue.ts';
import { toySweep } from '../../support/toy-sweep.ts';

const dataset = syntheticDataset({ train: 400, test: 100 });

// The last learning rate diverges.
const grid = `sweep:
  method: grid
  parameters:
    optimizer.learningRate: { values: [0.01, 0.1, 1.0e+30] }
    model[0].units: { values: [4, 16] }
`;

const halving = `sweep:
  method: random
  metric: { name: val_loss }
  run_cap: 4
  batch: 2
  seeds: 2
  parameters:
    optimizer.learningRate: { distribution: log_uniform_values, min: 0.001, max: 1 }
    optimizer.momentum: { min: 0.0, max: 0.9 }
  early_terminate: { type: hyperband, min_iter: 1, eta: 2 }
`;

interface Came {
  trials: unknown[];
  files: unknown[];
  notes: QueueNote[];
  ended: boolean;
}

/** Runs a sweep, and gives what it came to without times. */
async function came(
  file: SweepFile,
  queue?: MemoryQueue,
  { onEvent = () => {}, signal }: { onEvent?(event: QueuedSweepEvent): void; signal?: AbortSignal } = {},
): Promise<Came> {
  const folder = await temporaryFolder();
  const trials = await openTrials(join(folder, 'trials.jsonl'));
  const options = {
    ...{ dataset, dataSha256: datasetDigest(dataset), folder, trials, threads: 1, parallel: queue ? 50 : 1 },
    ...(signal ? { signal } : {}),
  };
  const notes: QueueNote[] = [];
  let ended = false;
  for await (const event of sweepOver(queue, file, options)) {
    onEvent(event);
    if (event.kind === 'queue') notes.push(event.note);
    if (event.kind === 'end') ended = !event.stopped;
  }
  await trials.close();
  const lines = [...trials.known.values()].map(({ seconds: _, ...line }) => line);
  const names = readdirSync(join(folder, 'trials'), { recursive: true }).map(String).sort();
  const files = names.map((name) => {
    const path = join(folder, 'trials', name);
    if (/metrics\.csv$|config\.yaml$/.test(name)) return [name, readFileSync(path, 'utf8')];
    if (!name.endsWith('summary.json')) return [name];
    const { seconds: _, files: __, sha256: ___, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
    return [name, rest];
  });
  return { trials: lines.sort((a, b) => a.trial - b.trial || a.seed - b.seed), files, notes, ended };
}

interface Hired {
  events: WorkEvent[];
  /** Resolves to what it threw, or nothing. */
  ended: Promise<unknown>;
  stop(): void;
}

function hire(queue: MemoryQueue, name: string, data: Dataset = dataset): Hired {
  const stop = new AbortController();
  const events: WorkEvent[] = [];
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  const ended = (async () => {
    try {
      const openData = async () => data;
      const options = { place: queue, name, threads: 1, parallel: 1, openData, signal: stop.signal };
      for await (const event of work({ ...options, untilEmpty: undefined })) events.push(event);
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  return { events, ended, stop: () => stop.abort() };
}

const isDone = ({ kind }: WorkEvent) => kind === 'done';

async function waitFor(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const known = new Map<string, Promise<Came>>();

/** What the sweep comes to alone. */
function alone(block: string): Promise<Came> {
  const once = known.get(block) ?? came(toySweep(block));
  known.set(block, once);
  return once;
}

function expectSame(now: Came, expected: Came): void {
  expect(now.trials).toEqual(expected.trials);
  expect(now.files).toEqual(expected.files);
  expect(now.ended).toBe(true);
}

describe('over a queue', () => {
  test('a grid comes to what it comes to alone, also the trial that fails', async () => {
    const queue = memoryQueue();
    const workers = [hire(queue, 'a'), hire(queue, 'b')];
    const now = await came(toySweep(grid), queue);
    expectSame(now, await alone(grid));
    expect(now.trials.filter((line) => (line as { status: string }).status === 'failed')).toHaveLength(1);
    expect(queue.cleared).toBe(true);
    // A sweep may be over before a worker has told of its last training, or was seen.
    await waitFor(() => workers.flatMap(({ events }) => events).filter(isDone).length === 6);
    const joined = now.notes.flatMap((note) => (note.kind === 'joined' ? [note.worker] : []));
    expect(new Set(joined).size).toBe(joined.length);
  });

  test('trials that go on after a rung go on from the state that travels', async () => {
    const queue = memoryQueue();
    hire(queue, 'a');
    const states: number[] = [];
    const onEvent = () => states.push(queue.states.size);
    expectSame(await came(toySweep(halving), queue, { onEvent }), await alone(halving));
    expect(Math.max(...states)).toBeGreaterThan(0);
    const parts = queue.history.filter(({ from }) => from !== null);
    expect(parts.length).toBeGreaterThan(0);
    // No part was trained twice.
    expect(new Set(queue.history.map(({ run, until }) => `${run} ${until}`)).size).toBe(queue.history.length);
  });

  test('or begin again if it does not', async () => {
    const queue = memoryQueue();
    queue.full = true;
    hire(queue, 'a');
    const now = await came(toySweep(halving), queue);
    expectSame(now, await alone(halving));
    expect(queue.history.every(({ from }) => from === null)).toBe(true);
    expect(now.notes.filter(({ kind }) => kind === 'large')).toHaveLength(1);
  });

  test('or if it is damaged', async () => {
    const queue = memoryQueue();
    hire(queue, 'a');
    const onEvent = () => {
      for (const bytes of queue.states.values()) bytes[bytes.length >> 1]! ^= 1;
    };
    expectSame(await came(toySweep(halving), queue, { onEvent }), await alone(halving));
  });

  test('a queue that forgets everything, workers that are lost, and lies change nothing', async () => {
    const queue = memoryQueue();
    hire(queue, 'a');
    let done = 0;
    const onEvent = (event: QueuedSweepEvent) => {
      if (event.kind !== 'trial') return;
      done++;
      if (done === 1) queue.loseWorkers();
      if (done === 2) queue.forgetAll();
      if (done !== 3) return;
      const [waiting] = [...queue.jobs.values()].filter(({ state }) => state === 'waiting');
      if (waiting) Object.assign(waiting, { state: 'ended', result: '{"kind":"result","value":1}' });
    };
    expectSame(await came(toySweep(grid), queue, { onEvent }), await alone(grid));
    expect(done).toBe(6);
  });
});

describe('a worker', () => {
  test('with other data trains nothing, and the sweep hears why', async () => {
    const queue = memoryQueue();
    const other = hire(queue, 'other', syntheticDataset({ train: 401, test: 100 }));
    const notes: QueueNote[] = [];
    const onEvent = (event: QueuedSweepEvent) => {
      if (event.kind !== 'queue') return;
      notes.push(event.note);
      if (event.note.kind === 'refuses') hire(queue, 'good');
    };
    expectSame(await came(toySweep(grid), queue, { onEvent }), await alone(grid));
    const error = await other.ended;
    expect(error).toBeInstanceOf(LockstepError);
    expect((error as LockstepError).exitCode).toBe(3);
    expect((error as LockstepError).message).toMatch(/expected the data of the sweep .*, sha256 \w{64}, got/);
    expect(other.events.filter(({ kind }) => kind === 'begin')).toEqual([]);
    const refusals = notes.filter(({ kind }) => kind === 'refuses');
    expect(refusals).toEqual([{ kind: 'refuses', worker: 'other', why: (error as LockstepError).message }]);
  });

  test('of another version is refused', async () => {
    const queue = memoryQueue();
    const stop = new AbortController();
    const sweep = came(toySweep(grid), queue, { signal: stop.signal });
    await waitFor(() => queue.announced !== undefined);
    const announce = queue.announce.bind(queue);
    queue.announce = (message) => announce({ ...message, version: '99.0.0' });
    queue.announced!.version = '99.0.0';
    const error = (await hire(queue, 'old').ended) as LockstepError;
    stop.abort();
    await sweep;
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(/expected a worker of Lockstep 99\.0\.0, got \d/);
  });

  test('that stops gives its trial back at once, and another one trains it', async () => {
    const queue = memoryQueue();
    const first = hire(queue, 'first');
    let second: Hired | undefined;
    const stopFirst = waitFor(() => first.events.some(({ kind }) => kind === 'begin')).then(() => {
      first.stop();
      second = hire(queue, 'second');
    });
    expectSame(await came(toySweep(grid), queue), await alone(grid));
    await stopFirst;
    await first.ended;
    expect(second).toBeDefined();
    expect(queue.history).toHaveLength(6);
  });
});

test('a sweep that is stopped removes its jobs, and its workers leave their trainings', async () => {
  const queue = memoryQueue();
  queue.left = 2;
  const worker = hire(queue, 'a');
  const stop = new AbortController();
  const onEvent = (event: QueuedSweepEvent) => {
    if (event.kind === 'trial') stop.abort();
  };
  const now = await came(toySweep(grid), queue, { onEvent, signal: stop.signal });
  expect(now.ended).toBe(false);
  expect(now.trials.length).toBeLessThan(6);
  expect(queue.jobs.size).toBe(0);
  worker.stop();
  expect(await worker.ended).toBeUndefined();
  expect(queue.said.size).toBe(0);
});
