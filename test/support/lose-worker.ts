// A training in another process whose workers are lost, and what is promised about it.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';

export interface Fault {
  kind: string;
  during: 'train' | 'evaluate';
  /** The lost worker, in the order of their start. The child chooses the one that is terminated. */
  thread?: number;
  at?: number;
  threads: number;
  again?: boolean;
}

export interface Report {
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
export async function loseWorker({
  kind,
  during,
  thread = 0,
  at = 1,
  threads,
  again,
}: Fault): Promise<Report> {
  const file = (name: string) => new URL(name, import.meta.url);
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

/** The same training, in which nothing happens. */
export const loseNone = () => loseWorker({ kind: 'none', during: 'train', threads: 2 });

/** Checks all promises about one lost worker against a training without one; returns what was told. */
export function promised(report: Report, undisturbed: Report): string {
  const { struck, noticed, repairs, epochs, digest, error, alive, extraThreads } = report;
  expect(error).toBeUndefined();
  expect(digest).toBe(undisturbed.digest);
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
