// A training that was killed goes on to the same bytes as one that nobody disturbed.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { expectSame, interrupted, killWhen, last, toy, withSchedule } from '../support/interrupted.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

describe('a training that was killed', () => {
  test.each([
    [
      'batch normalisation, dropout, momentum, figures within epochs',
      'model: [{ kind: dense, units: 9 }, batch-norm, relu, dropout, { kind: dense, units: classes }]\n' +
        'evaluateEvery: { steps: 7 }',
    ],
    [
      'early stopping, a schedule that follows the training',
      'earlyStopping: { patience: 30 }\nschedule: { kind: reduce-on-plateau, patience: 1 }',
    ],
  ])('%s: the same bytes', async (_, setting) => {
    const cwd = await interrupted(stringify({ ...parse(toy), ...parse(setting) }), '3');
    await expectSame(cwd);
  });

  test('goes on from the checkpoint before, if the last is damaged', async () => {
    const cwd = await toyFolder(toy);
    await runTrain(['toy.yaml', '--out', 'whole', '--quiet'], { cwd });
    const previous = join(cwd, 'run/checkpoints/last.previous.safetensors');
    await killWhen(cwd, ['toy.yaml', '--out', 'run'], () => existsSync(previous));
    const file = join(cwd, 'run', last);
    const bytes = existsSync(file) ? await readFile(file) : await readFile(previous);
    await writeFile(file, bytes.subarray(0, -5));
    const { code, stderr } = await runTrain(['resume', 'run', '--quiet'], { cwd });
    expect(stderr).toMatch(/^warning run.checkpoints.last\.safetensors: expected .*; the file is damaged\n$/);
    expect(code).toBe(0);
    await expectSame(cwd);
    // Both are damaged: nothing can be gone on from.
    await rm(join(cwd, 'run/summary.json'));
    for (const name of [file, previous]) await writeFile(name, 'no checkpoint');
    const none = await runTrain(['resume', 'run'], { cwd });
    expect(none.code).toBe(4);
    expect(none.stderr.split('\n')).toHaveLength(3);
  });
});

describe('is refused', () => {
  test('a sweep, with what goes on with it', async () => {
    const cwd = await toyFolder(toy);
    await mkdir(join(cwd, 'sweep'));
    await writeFile(join(cwd, 'sweep/trials.jsonl'), '');
    const { code, stderr } = await runTrain(['resume', 'sweep'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'train: sweep: expected the folder of a run, got that of a sweep; ' +
        'the same `train sweep` command, with the same --out, goes on with it\n',
    );
  });

  test('a changed experiment and changed data, with what differs', async () => {
    const cwd = await toyFolder(toy);
    const file = join(cwd, 'run', last);
    await killWhen(cwd, ['toy.yaml', '--out', 'run'], () => existsSync(file));
    const config = join(cwd, 'run/config.yaml');
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace('learningRate: 0.1', 'learningRate: 0.2'));
    const other = await runTrain(['resume', 'run'], { cwd });
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('got another: optimizer.learningRate: 0.1, now 0.2');
    await writeFile(config, text);
    const labels = join(cwd, 'data/train-labels-idx1-ubyte');
    const bytes = await readFile(labels);
    bytes[20] = (bytes[20]! + 1) % 4;
    await writeFile(labels, bytes);
    const data = await runTrain(['resume', 'run'], { cwd });
    expect(data.code).toBe(3);
    expect(data.stderr).toMatch(/expected the data that .* was trained on, sha256 \w{64}, got sha256 \w{64}/);
  });

  test('what is at its end already is left as it is', async () => {
    const cwd = await toyFolder(toyExperiment);
    await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd });
    const { code, stderr } = await runTrain(['resume', 'run'], { cwd });
    expect([code, stderr]).toEqual([0, 'run: the training came to its end already; nothing is left to do\n']);
  });
});

describe('longer than was planned', () => {
  test('in its own folder: the bytes of a training so long', async () => {
    const cwd = await toyFolder(withSchedule('constant'));
    await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd });
    await runTrain(['toy.yaml', '--epochs', '7', '--out', 'whole', '--quiet'], { cwd });
    const { code, stderr } = await runTrain(['resume', 'run', '--epochs', '7', '--quiet'], { cwd });
    expect([stderr, code]).toEqual(['', 0]);
    await expectSame(cwd);
  });
});
