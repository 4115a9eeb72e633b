import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFiles } from '../support/data-files.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyFiles } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

async function finishedRun(): Promise<string> {
  const cwd = await toyFolder();
  await runTrain(['toy.yaml', '--out', 'run', '--threads', '2'], { cwd });
  return cwd;
}

/** Changes a file of the run. */
function edit(cwd: string, file: string, change: (text: string) => string): void {
  const path = join(cwd, 'run', file);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

test.each(['1', '3', 'auto', 'inline'])('a run is identical on %s threads', async (threads) => {
  const cwd = await finishedRun();
  const { weightsSha256 } = JSON.parse(readFileSync(join(cwd, 'run/summary.json'), 'utf8'));
  const { code, stdout } = await runTrain(['verify', 'run', '--threads', threads], { cwd });
  expect(stdout).toBe(`identical: 3 epochs, weights sha256 ${weightsSha256}\n`);
  expect(code).toBe(0);
});

test('another figure in metrics.csv is named by its epoch', async () => {
  const cwd = await finishedRun();
  edit(cwd, 'metrics.csv', (text) => text.replace(/^2,0\.1,/m, '2,0.2,'));
  const { code, stdout, stderr } = await runTrain(['verify', 'run'], { cwd });
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^train: run: epoch 2 differs: expected 2,0\.2,\S+, got 2,0\.1,\S+$/m);
});

test('a missing epoch is named', async () => {
  const cwd = await finishedRun();
  edit(cwd, 'metrics.csv', (text) => text.replace(/^3,.*\n/m, ''));
  const { code, stderr } = await runTrain(['verify', 'run'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('run: epoch 3 differs: expected nothing');
});

test('other weights with the same figures are found', async () => {
  const cwd = await finishedRun();
  edit(cwd, 'summary.json', (text) => text.replace(/("weightsSha256": ")./, '$1x'));
  const { code, stderr } = await runTrain(['verify', 'run'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('the figures of all 3 epochs are the same, but the weights differ');
});

test('an experiment with another seed differs in its first epoch', async () => {
  const cwd = await finishedRun();
  edit(cwd, 'config.yaml', (text) => text.replace('seed: 5', 'seed: 6'));
  const { code, stderr } = await runTrain(['verify', 'run'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('epoch 1 differs');
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
