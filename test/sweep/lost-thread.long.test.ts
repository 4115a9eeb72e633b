// Trainings of a sweep whose thread is lost begin again, and come to the same bits.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { runTrain, startTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const fault = pathToFileURL(join(import.meta.dirname, '../support/trial-fault.mjs')).href;

const grid = `sweep:
  method: grid
  parameters: { optimizer.learningRate: { values: [0.05, 0.1] } }
`;
const halving = `sweep:
  method: random
  metric: { name: val_loss }
  run_cap: 4
  batch: 4
  parameters: { optimizer.learningRate: { distribution: log_uniform_values, min: 0.001, max: 1 } }
  early_terminate: { type: hyperband, min_iter: 1, eta: 2 }
`;

async function folderOf(block: string): Promise<string> {
  const cwd = await toyFolder();
  writeFileSync(join(cwd, 'sweep.yaml'), toyExperiment + block);
  mkdirSync(join(cwd, 'strikes'));
  return cwd;
}

const args = (out: string) => ['sweep', 'sweep.yaml', '--out', out, '--parallel', '2', '--threads', '2'];

const faultEnv = (cwd: string, kind: string, epoch: number, times: number) => ({
  NODE_OPTIONS: `--import ${fault}`,
  FAULT_KIND: kind,
  FAULT_EPOCH: String(epoch),
  FAULT_TIMES: String(times),
  FAULT_FOLDER: join(cwd, 'strikes'),
});

const results = (cwd: string, out: string) => [
  readFileSync(join(cwd, out, 'results.csv'), 'utf8'),
  readFileSync(join(cwd, out, 'best/metrics.csv'), 'utf8'),
];

test.each([
  ['throw undefined', 2, grid, 'it threw nothing'],
  ['throw null', 2, grid, 'it threw null'],
  ['exit 0', 1, halving, 'exited'],
  ['unhandled rejection', 1, halving, ''],
])('%s at epoch %i: the same result', { timeout: 300_000 }, async (kind, epoch, block, reason) => {
  const cwd = await folderOf(block);
  await runTrain(args('whole'), { cwd });
  const { code, stderr } = await runTrain(args('out'), { cwd, env: faultEnv(cwd, kind, epoch, 2) });
  expect(readdirSync(join(cwd, 'strikes'))).toHaveLength(2);
  expect(stderr).toContain('begins again, because its thread was lost: ');
  expect(stderr).toContain(reason);
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(0);
  expect(results(cwd, 'out')).toEqual(results(cwd, 'whole'));
});

test('after three times it counts as failed, and the others go on', { timeout: 300_000 }, async () => {
  const cwd = await folderOf(grid);
  const env = faultEnv(cwd, 'throw undefined', 2, 4);
  const { code, stderr } = await runTrain(
    ['sweep', 'sweep.yaml', '--out', 'out', '--parallel', '1', '--threads', '1'],
    { cwd, env },
  );
  expect(code).toBe(1);
  expect(stderr).toContain('trial 1 failed: its thread was lost 4 times, at last because it threw nothing\n');
  expect(stderr.match(/begins again/g)).toHaveLength(3);
  expect(readFileSync(join(cwd, 'out/results.csv'), 'utf8')).toContain('1,2,finished,3,');
});

test('a thread that hangs does not keep the sweep from stopping', { timeout: 300_000 }, async () => {
  const cwd = await folderOf(grid);
  const env = faultEnv(cwd, 'loop', 2, 2);
  const running = startTrain(args('out'), { cwd, env });
  while (readdirSync(join(cwd, 'strikes')).length < 2) await new Promise((next) => setTimeout(next, 50));
  running.kill('SIGHUP');
  const { code, stderr } = await running.finished;
  expect(code).toBe(129);
  expect(stderr).toContain('stopped by SIGHUP after 0 trials; the same command goes on with out');
  expect(readdirSync(join(cwd, 'out'))).not.toContain('lock');
});

test('a sweep whose folder is removed ends with one line', { timeout: 300_000 }, async () => {
  const cwd = await folderOf(grid);
  const long = ['--set', 'epochs=100000', '--quiet', '--parallel', '2', '--threads', '2'];
  const running = startTrain(['sweep', 'sweep.yaml', '--out', 'out', ...long], { cwd });
  const begun = () =>
    existsSync(join(cwd, 'out/trials')) && readdirSync(join(cwd, 'out/trials')).length === 2;
  while (!begun()) await new Promise((next) => setTimeout(next, 50));
  // As somebody does who takes it for old.
  renameSync(join(cwd, 'out'), join(cwd, 'old'));
  const { code, stderr } = await running.finished;
  expect([code, stderr]).toEqual([1, 'train: out: the folder is gone, so the sweep ends\n']);
  expect(existsSync(join(cwd, 'out'))).toBe(false);
});
