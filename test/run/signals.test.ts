// Signals that end a training: it saves a checkpoint first. SIGINT and SIGTERM alone are in
// cli/train.test.ts.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const long = toyExperiment.replace(/epochs: \d+/, 'epochs: 100000');

test.each<[signals: NodeJS.Signals[], code: number]>([
  // Who ends a process may send one kind after the other.
  [['SIGHUP', 'SIGTERM'], 129],
  [['SIGINT', 'SIGTERM'], 130],
])('after %j there is a checkpoint', async (signals, expected) => {
  const cwd = await toyFolder(long);
  const running = startTrain(['toy.yaml', '--out', 'run'], { cwd });
  await running.shows('3/100000');
  const [first, ...others] = signals;
  running.kill(first!);
  // Two that come at one moment come in any order.
  await setTimeout(20);
  for (const signal of others) running.kill(signal);
  const { code, stderr } = await running.finished;
  expect(code).toBe(expected);
  expect(stderr).toContain('go on with: train resume run');
  expect(existsSync(join(cwd, 'run/checkpoints/last.safetensors'))).toBe(true);
  expect(existsSync(join(cwd, 'run/lock'))).toBe(false);
});
