// Signals when nobody listens: between two trainings, and when all is done.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listenForStop } from '#lockstep/cli/stop.js';

const exit = vi.fn();

beforeEach(() => {
  exit.mockReset();
  vi.spyOn(process, 'exit').mockImplementation(exit as never);
});
afterEach(() => vi.restoreAllMocks());

const signal = (name: 'SIGTERM' | 'SIGHUP') => process.emit(name, name);

test('one that comes between two trainings stops the second', () => {
  listenForStop().release({ done: true });
  signal('SIGTERM');
  expect(exit).not.toHaveBeenCalled();
  const next = listenForStop();
  expect([next.signal.aborted, next.reason(), next.exitCode()]).toEqual([true, 'by SIGTERM', 143]);
  next.release({ done: true });
  // It was heard, and stops no third one.
  const third = listenForStop();
  expect(third.signal.aborted).toBe(false);
  third.release();
});

test('the same again quits, another kind does not', () => {
  listenForStop().release({ done: true });
  signal('SIGTERM');
  signal('SIGHUP');
  expect(exit).not.toHaveBeenCalled();
  signal('SIGTERM');
  expect(exit.mock.calls).toEqual([[143]]);
  listenForStop().release();
});

test('where nothing has to be saved, it quits at once', () => {
  listenForStop().release();
  signal('SIGHUP');
  expect(exit.mock.calls).toEqual([[129]]);
});

test('all that listen are told', () => {
  const both = [listenForStop(), listenForStop()];
  signal('SIGTERM');
  expect(both.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  for (const stop of both) stop.release();
});
