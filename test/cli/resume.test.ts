// A training that was killed goes on to the same bytes as one that nobody disturbed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { program, runTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const often = '\nexecution: { checkpoint: { minutes: 0.001 } }\n';
const compared = [
  'config.yaml',
  'metrics.csv',
  'confusion.csv',
  'checkpoints/last.safetensors',
  'checkpoints/best.safetensors',
];

/** Trains until `ready` says so, and then kills the process. */
async function killWhen(cwd: string, args: string[], ready: () => boolean): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { cwd, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  while (!ready()) await sleep(2);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
}

const toy = toyExperiment.replace(/epochs: \d+/, 'epochs: 40') + often;
const last = 'checkpoints/last.safetensors';

/** Trains one run undisturbed, `whole`, and kills another, `run`, once it has a checkpoint, and goes on. */
async function interrupted(experiment: string, threads = '1'): Promise<string> {
  const cwd = await toyFolder(experiment);
  const whole = await runTrain(['toy.yaml', '--out', 'whole', '--threads', '2', '--quiet'], { cwd });
  expect(whole.stderr).toBe('');
  const file = join(cwd, 'run', last);
  await killWhen(cwd, ['toy.yaml', '--out', 'run', '--threads', '2'], () => existsSync(file));
  expect(existsSync(join(cwd, 'run/summary.json'))).toBe(false);
  const resumed = await runTrain(['resume', 'run', '--threads', threads, '--quiet'], { cwd });
  expect([resumed.stderr, resumed.code]).toEqual(['', 0]);
  return cwd;
}

async function expectSame(cwd: string, a = 'whole', b = 'run', files = compared): Promise<void> {
  for (const file of files) {
    const [one, other] = [await readFile(join(cwd, a, file)), await readFile(join(cwd, b, file))];
    expect(one.equals(other), `${a} and ${b}: ${file}`).toBe(true);
  }
}

describe('a training that was killed', () => {
  test.each([
    [
      'batch normalisation, dropout, momentum',
      'model: [{ kind: dense, units: 9 }, batch-norm, relu, dropout, { kind: dense, units: classes }]',
    ],
    ['early stopping', 'earlyStopping: { patience: 30 }'],
    ['a schedule that follows the training', 'schedule: { kind: reduce-on-plateau, patience: 1 }'],
    ['figures within epochs', 'evaluateEvery: { steps: 7 }'],
    ['float64', 'kernels: reference'],
    ['augmentation', 'augmentation: [{ kind: shift, pixels: 1 }]'],
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
  const short = (schedule: string) =>
    `${toyExperiment.replace(/epochs: \d+/, 'epochs: 3').replace(/^schedule:.*$/m, '')}\nschedule: ` +
    `${schedule}\n`;

  test('in its own folder: the bytes of a training so long', async () => {
    const cwd = await toyFolder(short('constant'));
    await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd });
    await runTrain(['toy.yaml', '--epochs', '7', '--out', 'whole', '--quiet'], { cwd });
    const { code, stderr } = await runTrain(['resume', 'run', '--epochs', '7', '--quiet'], { cwd });
    expect([stderr, code]).toEqual(['', 0]);
    await expectSame(cwd);
  });

  test('in a new folder, if the schedule would have been another; verify trains from there', async () => {
    const cwd = await toyFolder(short('cosine'));
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
});
