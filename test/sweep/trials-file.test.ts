import { appendFile, type FileHandle, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LockstepError } from '#lockstep/foundation/errors.js';
import type { TrialLine } from '#lockstep/sweep/trial.js';
import { parseTrial, trialText } from '#lockstep/sweep/trial-text.js';
import { openTrials, readTrials } from '#lockstep/sweep/trials-file.js';
import { temporaryFolder } from '../support/data-files.ts';

const idOf = (letter: string) => letter.repeat(16);

/** A line about the training with this letter. */
const line = (letter: string, more: Partial<TrialLine> = {}): TrialLine => ({
  trial: 1,
  id: idOf(letter),
  parameters: { a: 'ü' },
  seed: 1,
  status: 'finished',
  epochs: 1,
  metric: 0.5,
  history: [[1, 0.5]],
  weightsSha256: 'f'.repeat(64),
  run: `trials/${idOf(letter)}`,
  seconds: 1,
  ...more,
});

test('what was written is known again, the last line about a training counts', async () => {
  const path = join(await temporaryFolder(), 'trials.jsonl');
  const first = await openTrials(path);
  // At the same time, because trials end side by side.
  await Promise.all(['a', 'b', 'c'].map((id) => first.append(line(id))));
  await first.append(line('b', { metric: 0.75 }));
  expect(first.known.get(idOf('b'))!.metric).toBe(0.75);
  await first.close();
  const second = await openTrials(path);
  expect([...second.known.keys()]).toEqual(['a', 'b', 'c'].map(idOf));
  expect(second.known.get(idOf('b'))).toEqual(line('b', { metric: 0.75 }));
  await second.close();
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(5);
});

test('a last line that was torn is cut off, at every byte where it can be', async () => {
  const folder = await temporaryFolder();
  const whole = Buffer.from(`${trialText(line('a'))}\n`);
  const torn = Buffer.from(`${trialText(line('b'))}\n`);
  for (let length = 0; length < torn.length; length += 7) {
    const path = join(folder, `${length}.jsonl`);
    await writeFile(path, Buffer.concat([whole, torn.subarray(0, length)]));
    expect([...(await readTrials(path)).keys()]).toEqual([idOf('a')]);
    const trials = await openTrials(path);
    expect([...trials.known.keys()]).toEqual([idOf('a')]);
    await trials.append(line('c'));
    await trials.close();
    expect([...(await readTrials(path)).keys()]).toEqual(['a', 'c'].map(idOf));
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

const refused = async (text: string): Promise<string> => {
  const path = join(await temporaryFolder(), 'trials.jsonl');
  await writeFile(path, `${text}\n`);
  const error: unknown = await readTrials(path).then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LockstepError);
  const { message, exitCode } = error as LockstepError;
  expect(exitCode).toBe(4);
  expect(message).toContain(`${path}:1: expected a trial as JSON, got `);
  expect(message).not.toContain('\n');
  return message;
};

test.each([
  ...['../../elsewhere', 'trials/../../elsewhere', '/elsewhere', 'trials/a/b', 'trials\\..', 3],
  ...['trials/aaaa', `trials/${idOf('A')}`, `trials/${idOf('b')}`, `trials/${idOf('a')}/`, 'best'],
])('a line whose run is not its own in the sweep is refused: %s', async (run) => {
  await refused(JSON.stringify({ ...line('a'), run }));
});

test.each([
  [{ history: [0] }, 'history.0 must be array'],
  [{ history: [[1]] }, 'history.0 must NOT have fewer than 2 items'],
  [{ history: [['1', 0.5]] }, 'history.0.0 must be number'],
  [{ history: {} }, 'history must be array'],
  [{ weightsSha256: 5 }, 'weightsSha256 must be string'],
  [{ weightsSha256: 'x' }, 'weightsSha256 must match'],
  [{ metric: null }, 'metric must be number'],
  [{ metric: '0.5' }, 'metric must be number'],
  [{ parameters: null }, 'parameters must be object'],
  [{ status: 'won' }, 'status must be equal to one of the allowed values'],
  [{ epochs: -1 }, 'epochs must be >= 0'],
  [{ id: 'a' }, 'id must match pattern'],
  [{ seconds: undefined }, "it must have required property 'seconds'"],
  [{ message: 3 }, 'message must be string'],
  [{ extra: 3 }, '"extra" is unknown'],
  [{ parameters: JSON.parse('{"__proto__": 1}') }, 'the key parameters.__proto__'],
])('a line with %j is refused', async (more, message) => {
  const text = JSON.stringify({ ...line('a'), ...more });
  expect(await refused(text)).toContain(message);
  expect(await refused(trialText({ ...line('a'), ...(more as object) }))).toContain(message);
});

test.each(['null', '[]', '5', '"text"', '', '{}'])('a line that is %s is refused', async (text) => {
  await refused(text);
});

test('every change of a line is found', async () => {
  const text = trialText(line('a', { status: 'failed', metric: null, message: 'why' }));
  expect(parseTrial(text)).toMatchObject({ sealed: true });
  for (let at = 0; at < text.length; at++) {
    for (const other of ['0', '1', 'x', '"', ' ', '']) {
      if (other === text[at]) continue;
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      expect(parseTrial(changed), changed).toHaveProperty('fault');
    }
  }
});

test('lines of 0.1.0 have no digest, but none follows one that has', async () => {
  const path = join(await temporaryFolder(), 'trials.jsonl');
  await writeFile(path, `${JSON.stringify(line('a'))}\n`);
  const trials = await openTrials(path);
  await trials.append(line('b'));
  await trials.close();
  expect([...(await readTrials(path)).keys()]).toEqual(['a', 'b'].map(idOf));
  await appendFile(path, `${JSON.stringify(line('c'))}\n`);
  await expect(readTrials(path)).rejects.toThrow(`${path}:3: expected a trial as JSON, got one without its`);
});

test('a figure that is not a number is one again when it is read', async () => {
  const path = join(await temporaryFolder(), 'trials.jsonl');
  const history = [[1, Number.NaN]] as const;
  const trials = await openTrials(path);
  await trials.append(line('a', { status: 'failed', metric: null, history }));
  await trials.close();
  expect((await readTrials(path)).get(idOf('a'))!.history).toEqual(history);
});

test('a disk that is full for a moment: the line is written with the next, and nothing is torn', async () => {
  const path = join(await temporaryFolder(), 'trials.jsonl');
  const trials = await openTrials(path);
  await trials.append(line('a'));
  const probe = await open(path);
  const kind = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const { appendFile: whole } = kind;
  onTestFinished(() => {
    kind.appendFile = whole;
  });
  // As a file system does that takes half of it.
  kind.appendFile = async function (this: FileHandle, bytes) {
    await whole.call(this, (bytes as Buffer).subarray(0, 40));
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  await expect(trials.append(line('b'))).rejects.toThrow(
    new LockstepError('failed', `${path}: cannot be written: ENOSPC: no space left on device, write`),
  );
  await expect(trials.append(line('c'))).rejects.toThrow(LockstepError);
  expect(trials.unsaved()).toBe(2);
  expect([...(await readTrials(path)).keys()]).toEqual([idOf('a')]);
  kind.appendFile = whole;
  await trials.append(line('d'));
  expect(trials.unsaved()).toBe(0);
  await trials.close();
  expect([...(await readTrials(path)).keys()]).toEqual(['a', 'b', 'c', 'd'].map(idOf));
});

test('a disk that stays full: what is whole stays, and closing says so', async () => {
  const path = join(await temporaryFolder(), 'trials.jsonl');
  const trials = await openTrials(path);
  await trials.append(line('a'));
  const before = await readFile(path, 'utf8');
  const probe = await open(path);
  const kind = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const { appendFile: whole } = kind;
  onTestFinished(() => {
    kind.appendFile = whole;
  });
  kind.appendFile = async function (this: FileHandle, bytes) {
    await whole.call(this, (bytes as Buffer).subarray(0, 40));
    throw new Error('ENOSPC');
  };
  await expect(trials.append(line('b'))).rejects.toThrow(LockstepError);
  await expect(trials.close()).rejects.toThrow(LockstepError);
  expect(await readFile(path, 'utf8')).toBe(before);
});

test('a folder that is gone is noticed, and so is another in its place', async () => {
  const folder = join(await temporaryFolder(), 'sweep');
  const path = join(folder, 'trials.jsonl');
  await mkdir(folder);
  const trials = await openTrials(path);
  await trials.check();
  const gone = `${folder}: the folder is gone, so the sweep ends`;
  await rename(folder, `${folder}-moved`);
  await expect(trials.check()).rejects.toThrow(gone);
  await mkdir(folder);
  await writeFile(path, '');
  await expect(trials.check()).rejects.toThrow(gone);
  await trials.close();
});
