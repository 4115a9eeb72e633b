// Several seeds that are verified together.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runTrain } from '../support/run-cli.ts';
import { toyFolder } from '../support/toy-folder.ts';

test('of several seeds, each must be the one that its name says, and the table theirs', async () => {
  const cwd = await toyFolder();
  await runTrain(['toy.yaml', '--seeds', '2', '--out', 'run', '--quiet'], { cwd });
  const verify = () => runTrain(['verify', 'run', '--quick'], { cwd });
  const whole = await verify();
  expect(whole.stdout.split('\n').map((line) => line.split(':')[0])).toEqual([
    `${join('run', 'seed-5')} whole`,
    `${join('run', 'seed-6')} whole`,
    '',
  ]);
  expect([whole.code, whole.stderr]).toEqual([0, '']);
  const table = join(cwd, 'run/seeds.csv');
  writeFileSync(table, readFileSync(table, 'utf8').replace(/^5,/m, '7,'));
  expect(await verify()).toMatchObject({
    code: 1,
    stderr: `train: ${join('run', 'seeds.csv')} is not that of the runs\n`,
  });
  rmSync(join(cwd, 'run/seeds.csv'));
  expect(await verify()).toMatchObject({
    code: 4,
    stderr: `train: ${join('run', 'seeds.csv')}: expected a file of the run, got no such file\n`,
  });
  // Whole in itself, and yet not the run that it is taken for.
  rmSync(join(cwd, 'run/seed-6'), { recursive: true });
  cpSync(join(cwd, 'run/seed-5'), join(cwd, 'run/seed-6'), { recursive: true });
  const copied = await verify();
  expect(copied.stderr).toContain(
    `train: ${join('run', 'seed-6', 'config.yaml')} is not that of this seed\n`,
  );
  expect(copied.code).toBe(4);
  // The folder around them is no run.
  const { code, stderr } = await runTrain(['evaluate', 'run'], { cwd });
  expect(code).toBe(4);
  expect(stderr).toBe(
    'train: run: expected the folder of a run, got the folder of 2 seeds; ' +
      `name one of them, such as ${join('run', 'seed-5')}\n`,
  );
});
