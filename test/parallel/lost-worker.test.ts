import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

interface Fault {
  kind: string;
  during: 'train' | 'evaluate';
  /** The lost worker, in the order of their start. The child chooses the one that is terminated. */
  thread?: number;
  at?: number;
  threads: number;
}

interface Report {
  struck: number;
  /** Position of the training when the fault struck. Only for the faults of fault.mjs. */
  epoch?: number;
  step?: number;
  rejected?: number;
  error?: { name: string; code: string; message: string };
  alive: number;
  extraThreads: number;
}

/** Trains in another process and loses a worker there. That process must end by itself. */
async function loseWorker({ kind, during, thread = 0, at = 1, threads }: Fault): Promise<Report> {
  const file = (name: string) => new URL(`../support/${name}`, import.meta.url);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', file('fault.mjs').href, fileURLToPath(file('lost-worker.mjs'))],
    {
      env: {
        ...process.env,
        FAULT_KIND: kind,
        FAULT_DURING: during,
        FAULT_THREAD: String(thread),
        FAULT_AT: String(at),
        FAULT_THREADS: String(threads),
      },
      timeout: 20_000, // In case the process hangs.
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
};

/** Checks all promises about a lost worker, and returns the message. */
function promised({ struck, rejected, error, alive, extraThreads }: Report): string {
  expect(error).toMatchObject({ name: 'LockstepError', code: 'failed' });
  expect(alive).toBe(0);
  expect(extraThreads).toBe(0);
  // Usually this takes 10 ms.
  expect(rejected! - struck).toBeLessThan(1000);
  return error!.message;
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
  ])('$kind in thread $thread of $threads, at its block $at', async (fault) => {
    const report = await loseWorker(fault);
    const message = promised(report).replace(/^worker [1-9]/, 'worker N');
    expect(message).toBe(
      `worker N of ${fault.threads} was lost in epoch ${report.epoch}, step ${report.step}: ` +
        `${reasons[fault.kind]}`,
    );
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
});
