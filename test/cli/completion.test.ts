// What the shell completes.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { completions } from '#lockstep/cli/completion.js';
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
  const words = await of('');
  expect(words).toEqual(expect.arrayContaining(['mnist', 'mine.yaml', 'resume', 'runs', 'init']));
  expect(words).not.toContain('$0');
  expect(await of('explain', 'm')).toEqual(['mnist', 'mnist-2000', 'mine.yaml']);
  expect((await of('resume', '')).sort()).toEqual(['runs/one', 'runs/two']);
  // The same without a process each.
  const found = (...words: string[]) => completions(['--get-yargs-completions', 'train', ...words]);
  const before = process.cwd();
  process.chdir(cwd);
  onTestFinished(() => process.chdir(before));
  expect(found('resume', '').sort()).toEqual(['runs/one', 'runs/two']);
  expect(found('explain', 'other/')).toEqual(['other/theirs.yaml']);
  expect(found('sweep', 'sweeps/m')).toContain('sweeps/mnist-random');
  expect(found('verify', 'other/')).toEqual(['other/run']);
  expect(found('evaluate', 'runs/o')).toEqual(['runs/one']);
  // The second word of a command that takes one, and the value of an option.
  expect(found('resume', 'runs/one', 'r')).toEqual([]);
  expect(found('resume', '--data', 'r')).toEqual([]);
  // Of a command line without a command.
  const options = async (...words: string[]) => {
    const { stdout } = await runTrain(['--get-yargs-completions', 'train', ...words], { cwd });
    return stdout.split('\n').filter((line) => line.startsWith('--'));
  };
  expect(await options('mine.yaml', '--thr')).toContain('--threads');
  expect(await options('verify', '--q')).toEqual(expect.arrayContaining(['--quick', '--quiet']));
});
