// Workers that are lost: others take their place, and the bits are those of a training in which nothing
// happened. Other ways of losing one are in lost-worker.long.test.ts.
import { beforeAll, describe, expect, test } from 'vitest';
import { loseNone, loseWorker, promised, type Report } from '../support/lose-worker.ts';

let undisturbed: Report;
beforeAll(async () => {
  undisturbed = await loseNone();
});

// A time is promised, and the machine may be busy for a moment.
describe('a worker that is lost', { retry: 2 }, () => {
  test('one of five, in the middle of a phase', async () => {
    const report = await loseWorker({ kind: 'throw', during: 'train', thread: 1, at: 30, threads: 5 });
    expect(promised(report, undisturbed).replace(/^worker [1-9]/, 'worker N')).toBe(
      `worker N of 5 was lost in epoch ${report.epoch}, step ${report.step}: a fault of the test`,
    );
  });

  test('one of three, while the validation set is evaluated', async () => {
    const report = await loseWorker({ kind: 'exit 0', during: 'evaluate', thread: 1, at: 2, threads: 3 });
    expect(promised(report, undisturbed).replace(/^worker [1-9]/, 'worker N')).toBe(
      'worker N of 3 was lost outside a training step: worker exited with code: 0',
    );
  });

  test('terminated from outside in the middle of an epoch', async () => {
    const report = await loseWorker({ kind: 'terminate', during: 'train', threads: 3 });
    expect(promised(report, undisturbed)).toMatch(
      /^worker [123] of 3 was lost in epoch \d+, step \d+: worker exited with code: 1$/,
    );
  });

  test('the work goes on from the last checkpoint', async () => {
    const report = await loseWorker({ kind: 'throw', during: 'train', thread: 1, at: 801, threads: 2 });
    promised(report, undisturbed);
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
