// What the shell completes.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runTrain, temporary } from '../support/run-cli.ts';

test('commands, experiments and run folders', { timeout: 60_000 }, async () => {
  const cwd = temporary();
  for (const [folder, file] of [
    ['runs/one', 'config.yaml'],
    ['runs/two', 'trials.jsonl'],
    ['runs/foreign', 'config.yaml'],
    ['other/run', 'config.yaml'],
  ] as const) {
    await mkdir(join(cwd, folder, folder.includes('foreign') ? 'x' : 'checkpoints'), { recursive: true });
    await writeFile(join(cwd, folder, file), '');
  }
  await writeFile(join(cwd, 'mine.yaml'), '');
  await writeFile(join(cwd, 'other/theirs.yaml'), '');
  const of = async (...words: string[]) => {
    const env = { SHELL: '/bin/bash' };
    const { stdout } = await runTrain(['--get-yargs-completions', 'train', ...words], { cwd, env });
    return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('--'));
  };
  expect(await of('')).toEqual(expect.arrayContaining(['mnist', 'mine.yaml', 'resume', 'runs', 'init']));
  expect(await of('')).not.toContain('$0');
  expect(await of('explain', 'm')).toEqual(['mnist', 'mnist-2000', 'mine.yaml']);
  expect(await of('explain', 'other/')).toEqual(['other/theirs.yaml']);
  expect(await of('sweep', 'sweeps/m')).toContain('sweeps/mnist-random');
  expect((await of('resume', '')).sort()).toEqual(['runs/one', 'runs/two']);
  expect(await of('verify', 'other/')).toEqual(['other/run']);
  expect(await of('evaluate', 'runs/o')).toEqual(['runs/one']);
  // The second word of a command that takes one, and the value of an option.
  expect(await of('resume', 'runs/one', 'r')).toEqual([]);
  expect(await of('resume', '--data', 'r')).toEqual([]);
  // Of a command line without a command.
  const options = async (...words: string[]) => {
    const { stdout } = await runTrain(['--get-yargs-completions', 'train', ...words], { cwd });
    return stdout.split('\n').filter((line) => line.startsWith('--'));
  };
  expect(await options('mine.yaml', '--thr')).toContain('--threads');
  expect(await options('verify', '--q')).toEqual(expect.arrayContaining(['--quick', '--quiet']));
});
