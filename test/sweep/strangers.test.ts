// A sweep writes into its own folder, and into nothing of others.
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { nameOfFile } from '#lockstep/cli/name-of-file.js';
import { parseOverride, setIn } from '#lockstep/experiment/setting-path.js';
import { LockstepError } from '#lockstep/foundation/errors.js';
import { enterFolder, writeSweep } from '#lockstep/sweep/folder.js';
import { mergeShards } from '#lockstep/sweep/merge.js';
import { sweepText } from '#lockstep/sweep/sweep-text.js';
import { trialText } from '#lockstep/sweep/trial-text.js';
import { temporaryFolder } from '../support/data-files.ts';
import { sweepAlone, toySweep } from '../support/toy-sweep.ts';

const sweep = toySweep(
  'sweep: { method: grid, parameters: { optimizer.learningRate: { values: [0.1, 0.2] } } }\n',
);
const id = 'ab'.repeat(8);
const line = trialText({
  ...{ trial: 1, id, parameters: {}, seed: 1, status: 'finished', epochs: 1, metric: 0.5, seconds: 1 },
  ...{ history: [[1, 0.5]], weightsSha256: 'f'.repeat(64), run: `trials/${id}` },
});

/** A folder with these files and their texts. */
async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

const textsIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]),
  );

async function refusal(trying: Promise<unknown>): Promise<[exitCode: number, message: string]> {
  const error: unknown = await trying.then(
    () => new Error('it was done'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LockstepError);
  const { exitCode, message } = error as LockstepError;
  expect(message).not.toContain('\n');
  return [exitCode, message];
}

test.each([
  [{ 'sweep.yaml': '# mine' }, 'holds sweep.yaml, and no trials'],
  [{ 'best/mine.txt': 'mine', 'x.csv': '1' }, 'holds best and 1 more, and no trials'],
  [{ 'trials.jsonl': '', 'sweep.yaml': '# mine\n' }, 'holds sweep.yaml, and no trials'],
  [{ 'trials.jsonl': '', 'results.csv': 'mine' }, 'holds results.csv, and no trials'],
])('a folder of others is refused, and stays as it is: %j', async (files, got) => {
  const folder = await folderWith(files as Record<string, string>);
  const [code, message] = await refusal(enterFolder(folder));
  expect(code).toBe(2);
  expect(message).toBe(
    `${folder}: expected a new or empty folder, or that of a sweep, got one that ${got}; ` +
      'choose another with --out',
  );
  expect(textsIn(folder)).toEqual(files);
});

test('a folder with damaged trials is refused, and a file is none', async () => {
  const files = { 'trials.jsonl': 'mine\n' };
  const folder = await folderWith(files);
  expect((await refusal(enterFolder(folder)))[0]).toBe(4);
  expect(textsIn(folder)).toEqual(files);
  expect(await refusal(enterFolder(join(folder, 'trials.jsonl')))).toEqual([
    2,
    `${join(folder, 'trials.jsonl')}: expected a folder, got a file`,
  ]);
});

test.each([
  [{}],
  [{ 'trials.jsonl': '' }],
  [{ 'trials.jsonl': '', 'sweep.yaml.12.tmp': 'half' }],
  [{ 'trials.jsonl': '', 'sweep.yaml': sweepText(sweep), 'report.html': '' }],
  [{ 'trials.jsonl': `${line}\n`, 'my-notes.txt': 'mine' }],
])('a folder of a sweep is entered, whenever it was killed: %#', async (files) => {
  const folder = await folderWith(files as Record<string, string>);
  const lock = await enterFolder(folder);
  expect(readdirSync(folder)).toContain('lock');
  await lock.release();
  expect(textsIn(folder)).toEqual(files);
});

test.each(['trials', `trials/${id}`, 'best', 'best/checkpoints', 'results.csv', 'sweep.yaml'])(
  'a link out of the folder is refused: %s',
  async (name) => {
    const outside = await folderWith({ 'theirs.txt': 'theirs' });
    const folder = await folderWith({ 'trials.jsonl': `${line}\n` });
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(outside, join(folder, name));
    const [code, message] = await refusal(enterFolder(folder));
    expect([code, message]).toEqual([
      4,
      `${join(folder, name)}: expected something in ${folder}, got a link that leads out of it; ` +
        'remove the link, or put what it leads to in its place',
    ]);
    expect(readdirSync(folder)).not.toContain('lock');
    const target = join(await temporaryFolder(), 'out');
    if (name !== 'sweep.yaml') writeFileSync(join(folder, 'sweep.yaml'), sweepText(sweep));
    expect((await refusal(mergeShards(target, [folder])))[0]).toBe(4);
    expect(textsIn(outside)).toEqual({ 'theirs.txt': 'theirs' });
  },
);

test('sweep.yaml is written again only if a sweep wrote it', async () => {
  const file = 'sweep.yaml';
  const folder = await folderWith({});
  await writeSweep(folder, sweep);
  const text = readFileSync(join(folder, file), 'utf8');
  expect(text).toBe(sweepText(sweep));
  await writeSweep(folder, sweep);
  // What 0.1.0 wrote has no first line, and no comment that could be lost.
  writeFileSync(join(folder, file), text.slice(text.indexOf('\n') + 1));
  await writeSweep(folder, sweep);
  expect(readFileSync(join(folder, file), 'utf8')).toBe(text);
  for (const changed of [
    text.replace('0.2', '0.3'),
    `# mine\n${text.slice(text.indexOf('\n') + 1)}`,
    'a: [',
  ]) {
    writeFileSync(join(folder, file), changed);
    const [code, message] = await refusal(writeSweep(folder, sweep));
    expect(code).toBe(4);
    expect(message).toContain('expected the file as `train sweep` wrote it, got one that was changed');
    expect(readFileSync(join(folder, file), 'utf8')).toBe(changed);
  }
});

test('parts are merged only if their trainings are there and agree', async () => {
  const files = { 'sweep.yaml': sweepText(sweep), 'trials.jsonl': `${line}\n` };
  const part = await folderWith({ ...files, [`trials/${id}/config.yaml`]: 'a' });
  const target = join(await temporaryFolder(), 'out');
  const other = line.slice(0, line.indexOf(',"sha256"')).replace('"metric":0.5', '"metric":0.6');
  const twin = await folderWith({
    ...files,
    'trials.jsonl': `${other}}\n`,
    [`trials/${id}/config.yaml`]: 'a',
  });
  expect(await refusal(mergeShards(target, [part, twin]))).toEqual([
    1,
    expect.stringContaining('objective 0.6 in '),
  ]);
  const changed = await folderWith({ ...files, 'sweep.yaml': files['sweep.yaml'].replace('0.2', '0.3') });
  expect((await refusal(mergeShards(target, [changed])))[0]).toBe(4);
  const empty = await folderWith(files);
  expect(await refusal(mergeShards(target, [empty]))).toEqual([
    4,
    expect.stringContaining('expected the folder of a training, got no such folder'),
  ]);
  rmSync(target, { recursive: true, force: true });
  await mergeShards(target, [part]);
  expect(textsIn(target)).toEqual({ ...files, [`trials/${id}/config.yaml`]: 'a' });
});

test('keys that all objects share are refused wherever a path or a file has them', () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const paths = ['__proto__.evil', 'constructor.prototype.evil', 'model[0].prototype', 'data.__proto__.x'];
  for (const path of paths) {
    expect(() => setIn({ model: [{}], data: {} }, parseOverride(`${path}=7`))).toThrow(
      /^--set .*: expected a path into the experiment, got the key "/,
    );
    expect(() =>
      toySweep(`sweep: { method: grid, parameters: { "${path}": { values: [1, 2] } } }\n`),
    ).toThrow(/sweep\.parameters\..*: expected a path into the experiment, got the key "/);
    expect(() =>
      sweepAlone(
        `experiment: toy\n"${path}": 7\n` +
          'sweep: { method: grid, parameters: { seed: { values: [1, 2] } } }\n',
      ),
    ).toThrow(/s\.yaml:2:\d+ .*: expected a path into the experiment, got the key "/);
  }
  expect(() => toySweep('sweep: { __proto__: { a: 1 }, method: grid }\n')).toThrow('got the key "__proto__"');
  expect(() => setIn({}, parseOverride('data={a: {__proto__: {evil: 1}}}'))).toThrow(
    'got the key "__proto__"',
  );
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect(({} as { evil?: number }).evil).toBeUndefined();
});

test('a file that says no name gives one that a folder can have', () => {
  const names = {
    'a/my tiny.yaml': 'my-tiny',
    'a_.v2-.yaml': 'a_.v2-',
    'größe.yml': 'gro-e',
    '.hidden.yaml': 'hidden',
    '日本.yaml': 'experiment',
    '--.yaml': 'experiment',
  };
  expect(Object.fromEntries(Object.keys(names).map((path) => [path, nameOfFile(path)]))).toEqual(names);
});
