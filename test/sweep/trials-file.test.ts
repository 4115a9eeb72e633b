import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TrialLine } from '#lockstep/sweep/trial.js';
import { openTrials, readTrials } from '#lockstep/sweep/trials-file.js';
import { temporaryFolder } from '../support/data-files.ts';

const line = (id: string, more: Partial<TrialLine> = {}): TrialLine => ({
  trial: 1,
  id,
  parameters: { a: 'ü' },
  seed: 1,
  status: 'finished',
  epochs: 1,
  metric: 0.5,
  history: [[1, 0.5]],
  weightsSha256: 'x',
  run: `trials/${id}`,
  seconds: 1,
  ...more,
});

test('what was written is known again, the last line about a training counts', async () => {
  const path = join(await temporaryFolder(), 'trials.jsonl');
  const first = await openTrials(path);
  // At the same time, because trials end side by side.
  await Promise.all(['a', 'b', 'c'].map((id) => first.append(line(id))));
  await first.append(line('b', { metric: 0.75 }));
  expect(first.known.get('b')!.metric).toBe(0.75);
  await first.close();
  const second = await openTrials(path);
  expect([...second.known.keys()]).toEqual(['a', 'b', 'c']);
  expect(second.known.get('b')).toEqual(line('b', { metric: 0.75 }));
  await second.close();
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(5);
});

test('a last line that was torn is cut off, at every byte where it can be', async () => {
  const folder = await temporaryFolder();
  const whole = Buffer.from(`${JSON.stringify(line('a'))}\n`);
  const torn = Buffer.from(`${JSON.stringify(line('b'))}\n`);
  for (let length = 0; length < torn.length; length += 7) {
    const path = join(folder, `${length}.jsonl`);
    await writeFile(path, Buffer.concat([whole, torn.subarray(0, length)]));
    expect([...(await readTrials(path)).keys()]).toEqual(['a']);
    const trials = await openTrials(path);
    expect([...trials.known.keys()]).toEqual(['a']);
    await trials.append(line('c'));
    await trials.close();
    expect([...(await readTrials(path)).keys()]).toEqual(['a', 'c']);
  }
});

test('a line that is damaged in the middle is told with its place', async () => {
  const path = join(await temporaryFolder(), 'trials.jsonl');
  await writeFile(path, `${JSON.stringify(line('a'))}\n{"id": 3\n`);
  await appendFile(path, `${JSON.stringify(line('b'))}\n`);
  await expect(openTrials(path)).rejects.toThrow(
    `${path}:2: expected a trial as JSON, got "{\\"id\\": 3"; remove the line, and its training runs again`,
  );
});

test.each(['../../elsewhere', 'trials/../../elsewhere', '/elsewhere', 'trials/a/b', 'trials\\..', 3])(
  'a line whose run lies outside of the sweep is refused: %s',
  async (run) => {
    const path = join(await temporaryFolder(), 'trials.jsonl');
    await writeFile(path, `${JSON.stringify({ ...line('a'), run })}\n`);
    await expect(readTrials(path)).rejects.toThrow(`${path}:1: expected a trial as JSON, got `);
  },
);
