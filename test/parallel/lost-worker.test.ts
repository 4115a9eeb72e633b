// Workers that are lost, in whatever way: others take their place, and the bits are those of a training in
// which nothing happened.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';

interface Fault {
  kind: string;
  during: 'train' | 'evaluate';
  /** The lost worker, in the order of their start. The child chooses the one that is terminated. */
  thread?: number;
  at?: number;
  threads: number;
  again?: boolean;
}

interface Report {
  struck: number;
  /** Position of the training when the fault struck. Only for the faults of fault.mjs. */
  epoch?: number;
  step?: number;
  /** When it was last noticed. */
  noticed?: number;
  repairs: { message: string; steps: number; number: number }[];
  /** Those that were told of. */
  epochs: number[];
  digest?: string;
  error?: { name: string; code: string; message: string };
  alive: number;
  extraThreads: number;
}

/** Trains in another process and loses workers there. That process must end by itself. */
async function loseWorker({ kind, during, thread = 0, at = 1, threads, again }: Fault): Promise<Report> {
  const file = (name: string) => new URL(`../support/${name}`, import.meta.url);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    // A large heap takes a slow machine longer to fill than a stalled thread is waited for.
    ['--max-old-space-size=256', '--import', file('fault.mjs').href, fileURLToPath(file('lost-worker.mjs'))],
    {
      env: {
        ...process.env,
        FAULT_KIND: kind,
        FAULT_DURING: during,
        FAULT_THREAD: String(thread),
        FAULT_AT: String(at),
        FAULT_THREADS: String(threads),
        ...(again ? { FAULT_AGAIN: 'yes' } : {}),
      },
      timeout: 60_000, // In case the process hangs.
      killSignal: 'SIGKILL',
    },
  );
  return Object.assign(
    {},
    ...stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
}

const reasons: Record<string, string> = {
  'exit 0': 'worker exited with code: 0',
  'exit 3': 'worker exited with code: 3',
  throw: 'a fault of the test',
  'throw null': 'it ended in the middle of its work',
  'throw undefined': 'it threw nothing',
};

let undisturbed: string | undefined;
beforeAll(async () => {
  undisturbed = (await loseWorker({ kind: 'none', during: 'train', threads: 2 })).digest;
});

/** Checks all promises about one lost worker, and returns what was told. */
function promised({ struck, noticed, repairs, epochs, digest, error, alive, extraThreads }: Report): string {
  expect(error).toBeUndefined();
  expect(digest).toBe(undisturbed);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  // Each epoch is told of once, although some were trained twice.
  expect(epochs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(repairs).toHaveLength(1);
  expect(alive).toBe(0);
  expect(extraThreads).toBe(0);
  // Usually this takes 10 ms.
  expect(noticed! - struck).toBeLessThan(1000);
  return repairs[0]!.message;
}

// A time is promised, and the machine may be busy for a moment.
describe('a worker that is lost', { retry: 2 }, () => {
  test.each<Fault>([
    { kind: 'exit 0', during: 'train', thread: 0, at: 1, threads: 3 },
    { kind: 'exit 0', during: 'train', thread: 1, at: 50, threads: 3 },
    { kind: 'exit 3', during: 'train', thread: 1, at: 801, threads: 2 },
    { kind: 'throw', during: 'train', thread: 1, at: 30, threads: 5 },
    { kind: 'exit 0', during: 'train', thread: 0, at: 203, threads: 1 },
    { kind: 'throw', during: 'train', thread: 0, at: 204, threads: 1 },
    { kind: 'throw null', during: 'train', thread: 1, at: 100, threads: 2 },
    { kind: 'throw undefined', during: 'train', thread: 0, at: 300, threads: 2 },
  ])('$kind in thread $thread of $threads, at its block $at', async (fault) => {
    const report = await loseWorker(fault);
    const message = promised(report).replace(/^worker [1-9]/, 'worker N');
    expect(message).toBe(
      `worker N of ${fault.threads} was lost in epoch ${report.epoch}, step ${report.step}: ` +
        `${reasons[fault.kind]}`,
    );
  });

  test.each(['unhandled rejection', 'out of memory'])('%s', async (kind) => {
    const report = await loseWorker({ kind, during: 'train', thread: 1, at: 200, threads: 2 });
    // Filling even that heap takes its time.
    if (kind === 'out of memory') report.struck = report.noticed!;
    expect(promised(report)).toMatch(/^worker [12] of 2 was lost in epoch \d+, step \d+: /);
  });

  test.each<Fault>([
    { kind: 'exit 0', during: 'evaluate', thread: 1, at: 2, threads: 3 },
    { kind: 'throw', during: 'evaluate', thread: 0, at: 5, threads: 2 },
  ])('$kind in thread $thread of $threads, while the validation set is evaluated', async (fault) => {
    const message = promised(await loseWorker(fault)).replace(/^worker [1-9]/, 'worker N');
    expect(message).toBe(
      `worker N of ${fault.threads} was lost outside a training step: ${reasons[fault.kind]}`,
    );
  });

  test('terminated from outside in the middle of an epoch', async () => {
    const report = await loseWorker({ kind: 'terminate', during: 'train', threads: 3 });
    expect(promised(report)).toMatch(
      /^worker [123] of 3 was lost in epoch \d+, step \d+: worker exited with code: 1$/,
    );
  });

  test('terminated while nobody is waiting for it, between two epochs', async () => {
    const report = await loseWorker({ kind: 'terminate between', during: 'train', threads: 3 });
    expect(promised(report)).toMatch(/^worker [123] of 3 was lost .*: worker exited with code: 1$/);
  });

  test('the work goes on from the last checkpoint', async () => {
    const report = await loseWorker({ kind: 'throw', during: 'train', thread: 1, at: 801, threads: 2 });
    promised(report);
    const { steps } = report.repairs[0]!;
    expect(steps).toBeGreaterThan(0);
    expect(steps % 2).toBe(0);
  });

  test('is replaced three times, no more', async () => {
    const fault = { kind: 'throw', during: 'train', thread: 1, at: 30, threads: 2, again: true } as const;
    const { repairs, error, digest, alive } = await loseWorker(fault);
    expect(repairs.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(error).toMatchObject({ name: 'WorkerLost', code: 'failed' });
    expect(error!.message).toMatch(/^worker 2 of 2 was lost in epoch \d+, step \d+: a fault of the test$/);
    expect(digest).toBeUndefined();
    expect(alive).toBe(0);
  });
});
