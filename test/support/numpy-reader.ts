// Checkpoints, read by test/vectors/read_checkpoint.py, which shares no code with Lockstep, with NumPy.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runTrain } from './run-cli.ts';
import { toyExperiment } from './toy-data.ts';
import { toyFolder } from './toy-folder.ts';

const program = join(import.meta.dirname, '../vectors/read_checkpoint.py');
export const python = [process.env.PYTHON ?? 'python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy']).status === 0,
);

export function readByPython(file: string): {
  status: number | null;
  found: Record<string, never>;
  stderr: string;
} {
  const { status, stdout, stderr } = spawnSync(python!, [program, file], { encoding: 'utf8' });
  return { status, stderr, found: status === 0 ? JSON.parse(stdout) : {} };
}

export async function trainedWith(...settings: string[]): Promise<string> {
  const cwd = await toyFolder(toyExperiment);
  const set = settings.flatMap((setting) => ['--set', setting]);
  const { code, stderr } = await runTrain(['toy.yaml', '--out', 'run', '--epochs', '1', ...set], { cwd });
  expect(stderr).not.toContain('train:');
  expect(code).toBe(0);
  return join(cwd, 'run');
}

/** Trains with this optimizer, and reads the checkpoints, which must have these slots. */
export async function expectSlots(optimizer: string, names: readonly string[]): Promise<void> {
  const model = '[{ kind: dense, units: 5 }, batch-norm, relu, { kind: dense, units: classes }]';
  const run = await trainedWith(`model=${model}`, `optimizer=${optimizer}`);
  const { weightsSha256, stateSha256 } = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'));
  const weights = ['0.W', '0.b', '1.gamma', '1.beta', '3.W', '3.b'].map((name) => `model.${name}`);
  const state = ['model.1.runningMean', 'model.1.runningVariance'];
  const last = readByPython(join(run, 'checkpoints/last.safetensors'));
  expect(last).toMatchObject({ status: 0, found: { weights, state, weightsSha256, stateSha256 } });
  // Whoever wants the weights alone leaves out what begins with `optimizer.`, which comes last.
  const slots = names.flatMap((slot) => weights.map((name) => `optimizer.${slot}.${name}`));
  expect(last.found.slots).toEqual(slots);
  expect(Object.keys(last.found.shapes!)).toEqual([...weights, ...state, ...slots]);
  const best = readByPython(join(run, 'checkpoints/best.safetensors'));
  expect(best).toMatchObject({ status: 0, found: { weights, state, slots: [], weightsSha256 } });
}
