import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '#lockstep/run/safetensors.js';
import { type RunSummary, writeSummary } from '#lockstep/run/summary.js';
import { writeFiles } from '../support/data-files.ts';
import { preparedFolder } from '../support/prepared-folder.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyFiles } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const finishedRun = preparedFolder(async (cwd) => {
  await toyFolder(undefined, cwd);
  await runTrain(['toy.yaml', '--out', 'run', '--threads', '2'], { cwd });
});

test.each(['3', 'inline'])('a run is identical on %s threads', async (threads) => {
  const cwd = await finishedRun();
  const { weightsSha256 } = JSON.parse(readFileSync(join(cwd, 'run/summary.json'), 'utf8'));
  const { code, stdout } = await runTrain(['verify', 'run', '--threads', threads], { cwd });
  expect(stdout).toBe(`identical: 3 epochs, weights sha256 ${weightsSha256}\n`);
  expect(code).toBe(0);
});

const flip = (bytes: Buffer) => {
  bytes[bytes.length - 5]! ^= 1;
  return bytes;
};
const text = (change: (text: string) => string) => (bytes: Buffer) => Buffer.from(change(bytes.toString()));

type Change = [what: string, file: string, change: (bytes: Buffer) => Buffer];

function apply(cwd: string, [, file, change]: Change): void {
  const path = join(cwd, 'run', file);
  const before = readFileSync(path);
  writeFileSync(path, change(Buffer.from(before)));
  expect(readFileSync(path).equals(before)).toBe(false);
}

const wasChanged = (file: string) => `train: ${join('run', file)} was changed: it has another digest\n`;

test.each<Change>([
  ['a weight', 'checkpoints/last.safetensors', flip],
  ['a test figure', 'summary.json', text((all) => all.replace(/"accuracy": [\d.]+/, '"accuracy": 0.99'))],
  ['a space', 'summary.json', text((all) => all.replace('  "seed"', '   "seed"'))],
])('%s that was changed afterwards is found, without training too', async (...change) => {
  const cwd = await finishedRun();
  apply(cwd, change);
  const [what, file] = change;
  for (const quick of what === 'a weight' ? [[], ['--quick']] : [['--quick']]) {
    const { code, stdout, stderr } = await runTrain(['verify', 'run', ...quick], { cwd });
    expect([code, stdout, stderr]).toEqual([1, '', wasChanged(file)]);
  }
});

test('each file that was changed afterwards is told', async () => {
  const cwd = await finishedRun();
  const changes: Change[] = [
    ['one of the best weights', 'checkpoints/best.safetensors', flip],
    ['a count', 'confusion.csv', text((all) => all.replace(/,(\d+)\n/, ',9$1\n'))],
    [
      'a figure and a row more',
      'metrics.csv',
      text((all) => `${all.replace(/^2,0\.1,/m, '2,0.2,')}4,0.1,1,1,1,1,1,1,1\n`),
    ],
    ['the seed', 'config.yaml', text((all) => all.replace('seed: 5', 'seed: 6'))],
  ];
  for (const change of changes) apply(cwd, change);
  const { code, stdout, stderr } = await runTrain(['verify', 'run', '--quick'], { cwd });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr.split(/(?<=\n)/).sort()).toEqual(changes.map(([, file]) => wasChanged(file)).sort());
});

test.each(['checkpoints/last.safetensors', 'metrics.csv'])(
  'without %s it is a bad checkpoint',
  async (file) => {
    const cwd = await finishedRun();
    rmSync(join(cwd, 'run', file));
    const { code, stderr } = await runTrain(['verify', 'run'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toContain(`${join('run', file)}: expected a file of the run, got no such file`);
  },
);

/** Changes the summary and signs it again, with the digests of the files as they are. */
async function forge(cwd: string, change: (summary: RunSummary) => object): Promise<void> {
  const path = join(cwd, 'run/summary.json');
  const { files: _, sha256: _s, format: _f, ...summary } = JSON.parse(readFileSync(path, 'utf8'));
  await writeSummary(join(cwd, 'run'), change(summary) as RunSummary);
}

test('what is forged with all its digests is found by training again', async () => {
  const cwd = await finishedRun();
  apply(cwd, ['a figure', 'metrics.csv', text((all) => all.replace(/^2,0\.1,/m, '2,0.2,'))]);
  await forge(cwd, (summary) => ({ ...summary, bestEpoch: 7, test: { ...summary.test, accuracy: 0.99 } }));
  expect((await runTrain(['verify', 'run', '--quick'], { cwd })).code).toBe(0);
  const { code, stderr } = await runTrain(['verify', 'run', '--quiet'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^train: run.metrics\.csv: line 3 differs: expected "2,0\.1,.*", got "2,0\.2,.*"$/m);
  expect(stderr).toMatch(/^train: run.summary\.json: bestEpoch: 7, now \d$/m);
  expect(stderr).toMatch(/^train: run.summary\.json: test\.accuracy: 0\.99, now [\d.]+$/m);
});

test('slots and state that are forged are found and named', async () => {
  const cwd = await finishedRun();
  const file = join(cwd, 'run/checkpoints/last.safetensors');
  const { tensors, metadata } = await readSafetensors(file);
  const slot = tensors.find(({ id }) => id.startsWith('optimizer.'))!;
  slot.values[0]! += 1;
  await writeSafetensors(file, { tensors, metadata });
  await forge(cwd, (summary) => summary);
  const { code, stderr } = await runTrain(['verify', 'run', '--quiet'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toBe(`train: ${join('run', 'checkpoints/last.safetensors')}: ${slot.id} differs\n`);
});

test('other data is refused before anything is trained', async () => {
  const cwd = await finishedRun();
  await mkdir(join(cwd, 'other'));
  await writeFiles(join(cwd, 'other'), toyFiles({ train: 601 }));
  const { code, stderr } = await runTrain(['verify', 'run', '--data', 'other'], { cwd });
  expect(code).toBe(3);
  expect(stderr).toMatch(
    /^train: other: expected the data of the run, sha256 \w{64}, got sha256 \w{64}; name the same/,
  );
});

test('a folder without a run is a bad checkpoint', async () => {
  const cwd = await toyFolder();
  const { code, stderr } = await runTrain(['verify', 'data'], { cwd });
  expect(code).toBe(4);
  expect(stderr).toBe(
    'train: data: expected the folder of a run, got a folder of something else; ' +
      'name a folder that `train` wrote\n',
  );
});

test('a summary that is none is a bad checkpoint', async () => {
  const cwd = await finishedRun();
  writeFileSync(join(cwd, 'run/summary.json'), '{"seed":"x"}');
  const { code, stderr } = await runTrain(['verify', 'run'], { cwd });
  expect(stderr).toBe(`train: ${join('run', 'summary.json')}: experiment: expected a name, got nothing\n`);
  expect(code).toBe(4);
  const evaluated = await runTrain(['evaluate', 'run'], { cwd });
  // Nobody knows whether the training came to its end, so nothing is said of that.
  expect(evaluated.stderr).not.toContain('did not come to its end');
  expect(evaluated.stderr).toContain('these are the weights of epoch 3');
  expect(evaluated.code).toBe(0);
});
