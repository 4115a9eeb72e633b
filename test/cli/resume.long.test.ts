// More trainings that were killed and go on to the same bytes, and one that becomes longer in a new folder.
import { existsSync } from 'node:fs';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { expectSame, interrupted, killWhen, last, toy, withSchedule } from '../support/interrupted.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyFolder } from '../support/toy-folder.ts';

describe('a training that was killed', () => {
  test.each([
    ['float64', 'kernels: reference'],
    ['augmentation', 'augmentation: [{ kind: shift, pixels: 1 }]'],
  ])('%s: the same bytes', async (_, setting) => {
    const cwd = await interrupted(stringify({ ...parse(toy), ...parse(setting) }), '3');
    await expectSame(cwd);
  });

  test('goes on from the beginning, if it has no checkpoint yet', async () => {
    const cwd = await toyFolder(toy);
    await runTrain(['toy.yaml', '--out', 'whole', '--quiet'], { cwd });
    await cp(join(cwd, 'whole'), join(cwd, 'run'), { recursive: true });
    for (const name of ['checkpoints', 'summary.json']) await rm(join(cwd, 'run', name), { recursive: true });
    expect((await runTrain(['resume', 'run', '--quiet'], { cwd })).code).toBe(0);
    await expectSame(cwd);
  });

  test('several seeds: those that are done stay, and the others are trained', async () => {
    const cwd = await toyFolder(toy);
    const args = ['toy.yaml', '--seeds', '3', '--threads', '2'];
    await runTrain([...args, '--out', 'whole', '--quiet'], { cwd });
    const file = join(cwd, 'run/seed-6', last);
    await killWhen(cwd, [...args, '--out', 'run'], () => existsSync(file));
    const resumed = await runTrain(['resume', 'run', '--threads', '1'], { cwd });
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toContain(`${join('run', 'seed-5')}: done already`);
    for (const seed of ['seed-5', 'seed-6', 'seed-7']) {
      await expectSame(cwd, `whole/${seed}`, `run/${seed}`);
    }
    const figures = async (run: string) =>
      (await readFile(join(cwd, run, 'seeds.csv'), 'utf8')).replace(/[\d.]+,(?=[0-9a-f]{64})/g, '');
    expect(await figures('run')).toBe(await figures('whole'));
  });
});

test('longer than was planned in a new folder, if the schedule would have been another; verify trains from there', async () => {
  const cwd = await toyFolder(withSchedule('cosine'));
  await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd });
  const refused = await runTrain(['resume', 'run', '--epochs', '7'], { cwd });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('the schedule cosine depends on the length of the training');
  expect(refused.stderr).toContain('--epochs 7 --out NEW');
  const { code } = await runTrain(['resume', 'run', '--epochs', '7', '--out', 'new', '--quiet'], { cwd });
  expect(code).toBe(0);
  expect(await readFile(join(cwd, 'new/config.yaml'), 'utf8')).toMatch(
    /continues:\n {2}epochs: 3\n {2}stateSha256: [0-9a-f]{64}\n/,
  );
  const verified = await runTrain(['verify', 'new', '--quiet'], { cwd });
  expect([verified.stderr, verified.code]).toEqual(['', 0]);
  expect(verified.stdout).toMatch(/^identical: 7 epochs/);
  // The old folder is what it was.
  expect((await runTrain(['verify', 'run', '--quiet'], { cwd })).code).toBe(0);
  // Its experiment alone is not enough.
  const alone = await runTrain([join('new', 'config.yaml'), '--out', 'alone'], { cwd });
  expect(alone.code).toBe(2);
  expect(alone.stderr).toContain('expected the checkpoint that the training goes on from, got none');
});
