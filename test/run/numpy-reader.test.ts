// A program that shares no code with Lockstep reads its checkpoints: test/vectors/read_checkpoint.py, with
// NumPy. Where there is no Python with NumPy, nothing is compared.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const program = join(import.meta.dirname, '../vectors/read_checkpoint.py');
const python = [process.env.PYTHON ?? 'python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy']).status === 0,
);

function read(file: string): { status: number | null; found: Record<string, never>; stderr: string } {
  const { status, stdout, stderr } = spawnSync(python!, [program, file], { encoding: 'utf8' });
  return { status, stderr, found: status === 0 ? JSON.parse(stdout) : {} };
}

async function trained(...settings: string[]): Promise<string> {
  const cwd = await toyFolder(toyExperiment);
  const set = settings.flatMap((setting) => ['--set', setting]);
  const { code, stderr } = await runTrain(['toy.yaml', '--out', 'run', '--epochs', '1', ...set], { cwd });
  expect(stderr).not.toContain('train:');
  expect(code).toBe(0);
  return join(cwd, 'run');
}

describe.skipIf(python === undefined)('a checkpoint', () => {
  test.each([
    ['sgd', []],
    ['{ kind: sgd, learningRate: 0.1, momentum: 0.9 }', ['velocity']],
    ['adam', ['first_moment', 'second_moment']],
    ['rmsprop', ['mean_square']],
  ])('with the slots of %s', async (optimizer, names) => {
    const model = '[{ kind: dense, units: 5 }, batch-norm, relu, { kind: dense, units: classes }]';
    const run = await trained(`model=${model}`, `optimizer=${optimizer}`);
    const { weightsSha256, stateSha256 } = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'));
    const weights = ['0.W', '0.b', '1.gamma', '1.beta', '3.W', '3.b'].map((name) => `model.${name}`);
    const state = ['model.1.runningMean', 'model.1.runningVariance'];
    const last = read(join(run, 'checkpoints/last.safetensors'));
    expect(last).toMatchObject({ status: 0, found: { weights, state, weightsSha256, stateSha256 } });
    // Whoever wants the weights alone leaves out what begins with `optimizer.`, which comes last.
    const slots = names.flatMap((slot) => weights.map((name) => `optimizer.${slot}.${name}`));
    expect(last.found.slots).toEqual(slots);
    expect(Object.keys(last.found.shapes!)).toEqual([...weights, ...state, ...slots]);
    const best = read(join(run, 'checkpoints/best.safetensors'));
    expect(best).toMatchObject({ status: 0, found: { weights, state, slots: [], weightsSha256 } });
  });

  test('that is damaged is found', async () => {
    const file = join(await trained('optimizer=adam'), 'checkpoints/last.safetensors');
    const bytes = readFileSync(file);
    const damaged = (change: (copy: Buffer) => Buffer) => {
      writeFileSync(file, change(Buffer.from(bytes)));
      const { status, stderr } = read(file);
      expect(status).toBe(1);
      return stderr.slice(file.length + 2);
    };
    expect(damaged((copy) => copy.subarray(0, -4))).toMatch(/ends behind the file/);
    expect(damaged((copy) => Buffer.concat([copy, Buffer.alloc(4)]))).toMatch(/4 bytes belong to no tensor/);
    const flipped = (at: number) =>
      damaged((copy) => {
        copy[at]! ^= 1;
        return copy;
      });
    expect(flipped(8 + Number(bytes.readBigUInt64LE(0)))).toMatch(/^weightsSha256: the file says/);
    // The last number is one of a slot, which is in no digest but the file's own.
    expect(flipped(bytes.length - 1)).toMatch(/^sha256: the file says/);
    const settings = (copy: Buffer) =>
      Buffer.from(copy.toString('latin1').replace('"epochs":"1"', '"epochs":"2"'), 'latin1');
    expect(damaged(settings)).toMatch(/^sha256: the file says/);
  });
});
