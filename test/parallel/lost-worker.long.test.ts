// Workers that are lost, in whatever way: others take their place, and the bits are those of a training in
// which nothing happened.
import { beforeAll, describe, expect, test } from 'vitest';
import { type Fault, loseNone, loseWorker, promised, type Report } from '../support/lose-worker.ts';

const reasons: Record<string, string> = {
  'exit 0': 'worker exited with code: 0',
  'exit 3': 'worker exited with code: 3',
  throw: 'a fault of the test',
  'throw null': 'it ended in the middle of its work',
  'throw undefined': 'it threw nothing',
};

let undisturbed: Report;
beforeAll(async () => {
  undisturbed = await loseNone();
});

// A time is promised, and the machine may be busy for a moment.
describe('a worker that is lost', { retry: 2 }, () => {
  test.each<Fault>([
    { kind: 'exit 0', during: 'train', thread: 0, at: 1, threads: 3 },
    { kind: 'exit 0', during: 'train', thread: 1, at: 50, threads: 3 },
    { kind: 'exit 3', during: 'train', thread: 1, at: 801, threads: 2 },
    { kind: 'exit 0', during: 'train', thread: 0, at: 203, threads: 1 },
    { kind: 'throw', during: 'train', thread: 0, at: 204, threads: 1 },
    { kind: 'throw null', during: 'train', thread: 1, at: 100, threads: 2 },
    { kind: 'throw undefined', during: 'train', thread: 0, at: 300, threads: 2 },
  ])('$kind in thread $thread of $threads, at its block $at', async (fault) => {
    const report = await loseWorker(fault);
    const message = promised(report, undisturbed).replace(/^worker [1-9]/, 'worker N');
    expect(message).toBe(
      `worker N of ${fault.threads} was lost in epoch ${report.epoch}, step ${report.step}: ` +
        `${reasons[fault.kind]}`,
    );
  });

  test.each(['unhandled rejection', 'out of memory'])('%s', async (kind) => {
    const report = await loseWorker({ kind, during: 'train', thread: 1, at: 200, threads: 2 });
    // Filling even that heap takes its time.
    if (kind === 'out of memory') report.struck = report.noticed!;
    expect(promised(report, undisturbed)).toMatch(/^worker [12] of 2 was lost in epoch \d+, step \d+: /);
  });

  test('throw in thread 0 of 2, while the validation set is evaluated', async () => {
    const report = await loseWorker({ kind: 'throw', during: 'evaluate', thread: 0, at: 5, threads: 2 });
    expect(promised(report, undisturbed).replace(/^worker [1-9]/, 'worker N')).toBe(
      'worker N of 2 was lost outside a training step: a fault of the test',
    );
  });
});
