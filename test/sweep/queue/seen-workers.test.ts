import { expect, test } from 'vitest';
import type { WorkerMessage } from '#lockstep/sweep/queue/messages.js';
import { type QueueNote, seenWorkers } from '#lockstep/sweep/queue/seen-workers.js';

const says = (name: string, beat: number, more: Partial<WorkerMessage> = {}): WorkerMessage => ({
  ...{ kind: 'worker', name, version: '0.2.0', beat, doing: 'waits', why: '' },
  ...more,
});

/** What is told when the workers say this at these seconds. */
function told(looks: readonly [seconds: number, workers: WorkerMessage[]][]): string[] {
  const notes: string[] = [];
  let clock = 0;
  const words = ({ kind, ...rest }: QueueNote) => `${clock / 1000} ${kind} ${Object.values(rest).join(' ')}`;
  const seen = seenWorkers(
    (note) => notes.push(words(note)),
    () => clock,
  );
  for (const [seconds, workers] of looks) {
    clock = 1000 * seconds;
    seen.look(workers);
  }
  return notes;
}

test('who comes and goes is told once', () => {
  expect(
    told([
      [1, [says('a', 0)]],
      [2, [says('a', 0), says('b', 7)]],
      [3, [says('a', 1), says('b', 8)]],
      [4, [says('a', 2)]],
    ]),
  ).toEqual(['1 joined a 1', '2 joined b 2', '4 left b 1']);
});

test('who says the same for long is gone, and may come back', () => {
  expect(
    told([
      [1, [says('a', 0)]],
      [20, [says('a', 0)]],
      [22, [says('a', 0)]],
      [30, [says('a', 1)]],
    ]),
  ).toEqual(['1 joined a 1', '22 left a 0', '30 joined a 1']);
});

test('who refuses has not come', () => {
  expect(
    told([
      [1, [says('a', 0, { doing: 'refuses', why: 'other data' })]],
      [2, [says('a', 1, { doing: 'refuses', why: 'other data' })]],
    ]),
  ).toEqual(['1 refuses a other data']);
});

test('that nobody is there is told after a while, and each minute', () => {
  const looks = Array.from({ length: 140 }, (_, i): [number, WorkerMessage[]] => [i, []]);
  expect(told(looks)).toEqual(['5 nobody 5', '65 nobody 65', '125 nobody 125']);
  expect(told([[1, [says('a', 0)]], ...looks.slice(2, 40)])).toEqual([
    '1 joined a 1',
    '2 left a 0',
    '6 nobody 5',
  ]);
});
