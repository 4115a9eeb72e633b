// Trainings by the command.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asWeights, weightsDigest } from '#lockstep/model/weights.js';
import { readSafetensors } from '#lockstep/run/safetensors.js';
import { runTrain, startTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

describe('a training', () => {
  test('writes the run folder, and tells the same in it as on stdout', async () => {
    const cwd = await toyFolder();
    const { code, stdout, stderr } = await runTrain(['toy.yaml', '--threads', '2', '--out', 'run'], { cwd });
    expect(stderr).toContain('8 x 8, 4 classes');
    expect(code).toBe(0);
    expect(readdirSync(join(cwd, 'run')).sort()).toEqual([
      'checkpoints',
      'config.yaml',
      'confusion.csv',
      'metrics.csv',
      'report.html',
      'summary.json',
      'timing.csv',
    ]);
    const metrics = read(cwd, 'run/metrics.csv').trimEnd().split('\n');
    expect(metrics[0]).toBe(
      'epoch,learning_rate,train_loss,train_accuracy,val_loss,val_accuracy,val_precision,val_recall,val_f1',
    );
    expect(metrics.slice(1).map((line) => line.split(',')[0])).toEqual(['1', '2', '3']);
    expect(read(cwd, 'run/timing.csv').split('\n')[0]).toBe('epoch,seconds,samples_per_second');

    const summary = JSON.parse(read(cwd, 'run/summary.json'));
    expect(summary).toMatchObject({
      experiment: 'toy',
      seed: 5,
      threads: 2,
      epochs: 3,
      parameters: 64 * 16 + 16 + 16 * 4 + 4,
    });
    expect(summary.test.accuracy).toBeGreaterThan(0.9);
    expect(stdout).toContain(summary.weightsSha256);

    const confusion = read(cwd, 'run/confusion.csv').trimEnd().split('\n');
    expect(confusion[0]).toBe('actual,0,1,2,3');
    const counts = confusion.slice(1).map((line) => line.split(',').slice(1).map(Number));
    const hits = counts.reduce((sum, row, c) => sum + row[c]!, 0);
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(120);
    expect(hits / 120).toBe(summary.test.accuracy);
  });

  test('into a pipe prints plain lines: no control characters, nothing but results on stdout', async () => {
    const cwd = await toyFolder();
    const { stdout, stderr } = await runTrain(['toy.yaml', '--out', 'run'], { cwd, env: { CI: 'true' } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none are there is the claim
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(stdout.split('\n')[0]).toMatch(/^\s*epoch\s+loss/);
    expect(stdout).not.toContain('lockstep');
  });

  test('--json prints one object a line, --quiet only the result', async () => {
    const cwd = await toyFolder();
    const { stdout } = await runTrain(['toy.yaml', '--json', '--quiet', '--out', 'run'], { cwd });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(['epoch', 'epoch', 'epoch', 'end']);
    const { event: _, run, ...summary } = events.at(-1);
    expect(summary).toEqual(JSON.parse(read(cwd, 'run/summary.json')));
    expect(run).toBe('run');
    const quiet = await runTrain(['toy.yaml', '--quiet', '--out', 'again'], { cwd });
    expect(quiet.stderr).toBe('');
    expect(quiet.stdout).toContain('test accuracy');
    expect(quiet.stdout).not.toContain('epoch');
  });

  test('--dry-run prints the resolved experiment and writes nothing', async () => {
    const cwd = await toyFolder();
    const { code, stdout } = await runTrain(
      ['toy.yaml', '--dry-run', '--seed', '9', '--set', 'model.0.units=7'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stdout).toContain('seed: 9');
    expect(stdout).toContain('units: 7');
    expect(stdout).toContain('kind: he-normal');
    expect(readdirSync(cwd).sort()).toEqual(['data', 'toy.yaml']);
  });

  test('of the resolved experiment gives the same bits again', async () => {
    const cwd = await toyFolder();
    await runTrain(['toy.yaml', '--out', 'a', '--batch-size', '33'], { cwd });
    await runTrain(['a/config.yaml', '--out', 'b', '--threads', '3'], { cwd });
    expect(read(cwd, 'b/metrics.csv')).toBe(read(cwd, 'a/metrics.csv'));
    expect(readFileSync(join(cwd, 'b/checkpoints/last.safetensors'))).toEqual(
      readFileSync(join(cwd, 'a/checkpoints/last.safetensors')),
    );
  });

  test('without --out makes a folder of its own under runs/', async () => {
    const cwd = await toyFolder();
    await Promise.all([1, 2].map(() => runTrain(['toy.yaml'], { cwd })));
    const runs = readdirSync(join(cwd, 'runs'));
    expect(runs).toHaveLength(2);
    for (const run of runs) expect(run).toMatch(/^toy-\d{8}-\d{6}(-2)?$/);
  });

  test('of several seeds gives each a folder, and mean and standard deviation of all', async () => {
    const cwd = await toyFolder();
    const { code, stdout } = await runTrain(
      ['toy.yaml', '--seeds', '3', '--json', '--quiet', '--out', 'all'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(readdirSync(join(cwd, 'all')).sort()).toEqual([
      'config.yaml',
      'parts.json',
      'report.html',
      'seed-5',
      'seed-6',
      'seed-7',
      'seeds.csv',
    ]);
    const accuracies = [5, 6, 7].map((seed) => {
      const summary = JSON.parse(read(cwd, `all/seed-${seed}/summary.json`));
      expect(summary.seed).toBe(seed);
      return summary.test.accuracy as number;
    });
    const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
    const mean = accuracies.reduce((sum, value) => sum + value, 0) / 3;
    const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2;
    expect(last).toMatchObject({ event: 'seeds', seeds: [5, 6, 7], run: 'all' });
    expect(last.test.accuracy.mean).toBeCloseTo(mean, 12);
    expect(last.test.accuracy.deviation).toBeCloseTo(Math.sqrt(variance), 12);
    const rows = read(cwd, 'all/seeds.csv').trimEnd().split('\n');
    expect(rows[0]).toBe('seed,accuracy,precision,recall,f1,loss,seconds,weightsSha256');
    expect(rows.slice(1).map((row) => Number(row.split(',')[1]))).toEqual(accuracies);
    // The same seed trained alone is the same training.
    await runTrain(['toy.yaml', '--seed', '6', '--out', 'six'], { cwd });
    expect(read(cwd, 'six/metrics.csv')).toBe(read(cwd, 'all/seed-6/metrics.csv'));
  });
});

describe('a training that is stopped', () => {
  const long = toyExperiment.replace('epochs: 3', 'epochs: 100000');

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s keeps what it has and exits with %i', async (signal, expected) => {
    const cwd = await toyFolder(long);
    const running = startTrain(['toy.yaml', '--out', 'run'], { cwd });
    await running.shows('3/100000');
    running.kill(signal);
    const { code, stderr } = await running.finished;
    expect(code).toBe(expected);
    expect(stderr).toContain(`stopped by ${signal}`);
    const summary = JSON.parse(read(cwd, 'run/summary.json'));
    expect(summary).toMatchObject({ stopped: true, test: null });
    expect(summary.epochs).toBeGreaterThanOrEqual(3);
    expect(existsSync(join(cwd, 'run/checkpoints/last.safetensors'))).toBe(true);
    const metrics = read(cwd, 'run/metrics.csv').trimEnd().split('\n');
    expect(metrics).toHaveLength(summary.epochs + 1);
  });

  test('by a diverging loss exits with 1 and says what to do; the epochs before stay', async () => {
    const cwd = await toyFolder(toyExperiment.replace('learningRate: 0.1', 'learningRate: 1.0e+30'));
    const { code, stderr } = await runTrain(['toy.yaml', '--out', 'run'], { cwd });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(
        '^train: the training diverged in epoch 1, step 2: the outputs of model\\[\\d\\] \\(dense\\) ' +
          'are not finite, the loss is NaN; lower optimizer.learningRate \\(now 1e\\+30\\)$',
      ),
    );
    expect(read(cwd, 'run/metrics.csv')).toContain('epoch,learning_rate');
    expect(stderr).toContain(`report         ${join('run', 'report.html')}\n`);
  });

  test('by a diverging loss leaves the last checkpoint, in which all is finite, and says where', async () => {
    const cwd = await toyFolder(
      // The weights grow by such a decay, until they overflow.
      `${toyExperiment.replace('learningRate: 0.1', 'learningRate: 0.1, weightDecay: 60').replace(/epochs: \d+/, 'epochs: 50')}` +
        'execution: { checkpoint: { epochs: 1 } }\n',
    );
    const { code, stderr } = await runTrain(['toy.yaml', '--out', 'run'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/the training diverged in epoch \d+, step \d+: .* lower optimizer.learningRate/);
    const [, epoch] = /the last checkpoint, of epoch (\d+), is run.checkpoints.last.safetensors/.exec(
      stderr,
    )!;
    for (const name of ['last', 'best']) {
      const { tensors, metadata } = await readSafetensors(join(cwd, `run/checkpoints/${name}.safetensors`));
      expect(tensors.every(({ values }) => values.every(Number.isFinite))).toBe(true);
      const weights = tensors.filter(({ id }) => !id.startsWith('optimizer.'));
      expect(metadata.weightsSha256).toBe(weightsDigest(asWeights(weights)));
      if (name === 'last') expect(metadata.epochs).toBe(epoch);
    }
  });
});

describe('warnings', () => {
  test('a warm-up longer than the training, and a learning rate that is replaced', async () => {
    const cwd = await toyFolder();
    const sets = ['--set', 'schedule.warmup=4', '--set', 'optimizer=adam'];
    const expected = [
      'warning --set optimizer: adam has its own learningRate, 0.001; the 0.1 of sgd is dropped',
      'warning --set schedule.warmup: the warm-up of 4 epochs is longer than the training of 3 epochs, ' +
        'which never comes to its full learning rate',
    ];
    for (const more of [[], ['--dry-run']]) {
      const { code, stderr } = await runTrain(['toy.yaml', ...sets, ...more], { cwd });
      expect(stderr.split('\n').filter((line) => line.startsWith('warning --'))).toEqual(expected);
      expect(code).toBe(0);
    }
    const { stderr } = await runTrain(['toy.yaml', '--set', 'schedule.warmup=3', '--dry-run'], { cwd });
    expect(stderr).toBe('');
  });
});

describe('help', () => {
  test('is grouped, has examples, and exits with 0', async () => {
    const { code, stdout } = await runTrain(['--help']);
    expect(code).toBe(0);
    for (const part of [
      'Commands:',
      'Experiment:',
      'Output:',
      'Examples:',
      'train verify',
      'train explain',
      'train report',
    ]) {
      expect(stdout).toContain(part);
    }
  });
  test('--version is that of the package', async () => {
    const { version } = JSON.parse(read(import.meta.dirname, '../../package.json'));
    expect((await runTrain(['--version'])).stdout).toBe(`${version}\n`);
  });
  test('completion prints a script', async () => {
    expect((await runTrain(['completion'])).stdout).toContain('begin-train-completions');
  });
});
