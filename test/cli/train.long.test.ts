// Trainings by the command, of kinds that most are not.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

describe('a training', () => {
  test('can watch the test set instead of a validation split', async () => {
    const cwd = await toyFolder();
    const sets = ['--set', 'data.validation=0', '--set', 'data.monitor=test'];
    await runTrain(['toy.yaml', ...sets, '--out', 'run'], { cwd });
    const last = read(cwd, 'run/metrics.csv').trimEnd().split('\n').at(-1)!.split(',');
    const { test } = JSON.parse(read(cwd, 'run/summary.json'));
    expect(last.slice(4).map(Number)).toEqual([
      test.loss,
      test.accuracy,
      test.precision,
      test.recall,
      test.f1,
    ]);
  });

  test('without validation leaves its columns empty', async () => {
    const cwd = await toyFolder();
    await runTrain(['toy.yaml', '--set', 'data.validation=0', '--out', 'run'], { cwd });
    expect(read(cwd, 'run/metrics.csv').split('\n')[1]).toMatch(/^1,0\.1,[\d.]+,[\d.]+,,,,,$/);
  });

  test('warns where threads will idle', async () => {
    const cwd = await toyFolder();
    const { code, stderr } = await runTrain(['toy.yaml', '--threads', '9', '--epochs', '1', '--out', 'run'], {
      cwd,
    });
    expect(code).toBe(0);
    expect(stderr).toContain('warning minibatches of 25 rows make 7 blocks: 2 of 9 threads will idle');
  });

  test('a network that diverges at its last update is no result', async () => {
    const cwd = await toyFolder(toyExperiment.replace('learningRate: 0.1', 'learningRate: 1.0e+30'));
    const args = ['toy.yaml', '--out', 'run', '--batch-size', 'full', '--epochs', '1'];
    const { code, stderr } = await runTrain(args, { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /the training diverged in epoch 1, step 1: the outputs of model\[\d\] \(\S+\) are not finite, the loss on the validation set is NaN/,
    );
    expect(existsSync(join(cwd, 'run/summary.json'))).toBe(false);
    expect(readdirSync(join(cwd, 'run/checkpoints'))).toEqual([]);
  });
});
