// The profile in a page: the seconds of profile.csv, thread by thread, and their shares.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ThreadSeconds } from '#lockstep/engine/profile.js';
import { planNetwork } from '#lockstep/model/network.js';
import { profileSection } from '#lockstep/report/page/profile-table.js';
import { recordProfile } from '#lockstep/run/record-profile.js';
import { runFiles } from '#lockstep/run/run-files.js';
import { readProfile } from '#lockstep/run/run-tables.js';
import type { EpochEvent } from '#lockstep/training/events.js';
import { temporaryFolder } from '../support/data-files.ts';
import { dataShape, tinyExperiment } from '../support/tiny.ts';

const nothing: ThreadSeconds = {
  ...{ gather: 0, forward: 0, loss: 0, backward: 0, statistics: 0, update: 0, evaluate: 0, waiting: 0 },
};

test('what a training records is read back, the epochs added up', async () => {
  const folder = await temporaryFolder();
  const model = [{ kind: 'dense', units: 'classes' }];
  const network = planNetwork(tinyExperiment({ model }).model, dataShape({ inputs: 9, classes: 3 }));
  const recorder = recordProfile(folder, network);
  for (const epoch of [1, 2]) {
    const threads = [
      { ...nothing, forward: 0.5 * epoch, waiting: 0.25 },
      { ...nothing, backward: 2, evaluate: 0.125 },
    ];
    const waits = [[{ phase: 'rows', cause: 'asleep', seconds: 0.25 }], []];
    recorder.add({ epoch, profile: { threads, waits, spans: [] } } as unknown as EpochEvent);
  }
  const written = await recorder.end();
  const file = join(folder, runFiles.profile);
  const read = readProfile(file, readFileSync(file, 'utf8'));
  expect(read).toEqual(written);
  expect(read.threads).toEqual([
    { ...nothing, forward: 1.5, waiting: 0.5 },
    { ...nothing, backward: 4, evaluate: 0.25 },
  ]);
  expect(read.waits).toEqual([{ phase: 'rows', cause: 'asleep', seconds: 0.5 }]);
});

const header = 'epoch,thread,gather,forward,loss,backward,statistics,update,evaluate,waiting';

test('a row that was torn is left out', () => {
  const text = `${header}\n1,1,0,1,0,2,0,0,0,0.5\n1,2,0,1,0,2,0,0`;
  expect(readProfile('profile.csv', text)).toEqual({
    threads: [{ ...nothing, forward: 1, backward: 2, waiting: 0.5 }],
    waits: [],
  });
});

test.each([
  ['1,0,0,0,0,0,0,0,0,0', '0'],
  ['1,1.5,0,0,0,0,0,0,0,0', '1.5'],
  ['1,2,0,0,0,0,0,0,0,0', '2'],
  ['1,,0,0,0,0,0,0,0,0', 'null'],
])('no thread: %s', (row, got) => {
  expect(() => readProfile('profile.csv', `${header}\n${row}\n`)).toThrow(
    `profile.csv:2: expected the number of a thread, got ${got}`,
  );
});

test('a row for each thread, a column for each activity that took time', () => {
  const threads = [
    { ...nothing, forward: 1, backward: 2, waiting: 1 },
    { ...nothing, forward: 3, waiting: 0 },
  ];
  const { text } = profileSection({ threads, waits: [] });
  const heads = [...text.matchAll(/<th scope="col">([^<]*)</g)].map(([, head]) => head);
  expect(heads).toEqual(['thread', 'forward', 'backward', 'waiting']);
  expect([...text.matchAll(/<th scope="row">(\d+)</g)].map(([, thread]) => thread)).toEqual(['1', '2']);
  const shares = [...text.matchAll(/--s:([\d.]+)%[^>]*><\/span>\s*<span class="share">([^<]*)</g)];
  expect(shares.map(([, bar, share]) => [bar, share])).toEqual([
    ['25.0', '1.00 s, 25 %'],
    ['50.0', '2.00 s, 50 %'],
    ['25.0', '1.00 s, 25 %'],
    ['100.0', '3.00 s, 100 %'],
    ['0.0', '0.00 s, 0 %'],
    ['0.0', '0.00 s, 0 %'],
  ]);
});

test('a table of what was waited for: a row for each phase, a column for each cause', () => {
  const { text } = profileSection({
    threads: [{ ...nothing, forward: 6, waiting: 2 }],
    waits: [
      { phase: 'rows', cause: 'block still held', seconds: 1 },
      { phase: 'parameters', cause: 'asleep', seconds: 0.5 },
      { phase: undefined, cause: 'between commands', seconds: 0.5 },
    ],
  });
  const [, table] = text.split('What they waited for');
  const heads = [...table!.matchAll(/<th scope="(?:col|row)">([^<]*)</g)].map(([, head]) => head);
  const [columns, rows] = [heads.slice(0, 4), heads.slice(4)];
  expect(columns).toEqual(['phase', 'block still held', 'asleep', 'in all']);
  expect(rows).toEqual(['rows', 'parameters', 'between commands']);
  const shares = [...table!.matchAll(/<span class="share">([^<]*)</g)].map(([, share]) => share);
  const [none, half, one] = ['0.00 s, 0 %', '0.50 s, 6 %', '1.00 s, 13 %'];
  expect(shares).toEqual([one, none, one, none, half, half, half]);
});

test('a run without a profile has no such part', () => {
  expect(profileSection(undefined).text).toBe('');
  expect(profileSection({ threads: [], waits: [] }).text).toBe('');
});
