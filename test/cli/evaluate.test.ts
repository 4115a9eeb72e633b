import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { confusionTable } from '#lockstep/cli/confusion-table.js';
import { temporaryFolder, writeFiles } from '../support/data-files.ts';
import { preparedFolder } from '../support/prepared-folder.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyFiles } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const settings = ['toy.yaml', '--out', 'run', '--quiet', '--epochs', '1'];

async function train(cwd: string): Promise<void> {
  await toyFolder(undefined, cwd);
  const { code, stderr } = await runTrain(settings, { cwd });
  expect([code, stderr]).toEqual([0, '']);
}

const finishedRun = preparedFolder(train);

const summaryOf = (cwd: string) => JSON.parse(readFileSync(join(cwd, 'run/summary.json'), 'utf8'));
const objectOf = (text: string) => JSON.parse(text) as Record<string, unknown>;

/** Images and labels of IDX files as lines of a CSV file. */
function csvOf(images: Buffer, labels: Buffer): string[] {
  return [...labels.subarray(8)].map((label, i) =>
    [label, ...images.subarray(16 + 64 * i, 16 + 64 * (i + 1))].join(','),
  );
}

test('the run’s own test set: the figures of its summary, by class and in all', async () => {
  const cwd = await finishedRun();
  const { test: figures } = summaryOf(cwd);
  const data = parse(readFileSync(join(cwd, 'run/config.yaml'), 'utf8')).data.source;
  const [json, text] = [['--json'], []].map((more) => runTrain(['evaluate', 'run', ...more], { cwd }));

  const { code, stdout, stderr } = (await json)!;
  expect([code, stderr]).toEqual([0, '']);
  const {
    confusion,
    classes,
    log_loss: logLoss,
    roc_auc: area,
    top_3_accuracy: top,
    ...rest
  } = objectOf(stdout) as { confusion: number[][]; classes: unknown[]; [figure: string]: unknown };
  expect(rest).toEqual({
    run: 'run',
    data: `test samples of ${data}`,
    samples: 120,
    ...figures,
  });
  expect(confusion.flat().reduce((a, b) => a + b)).toBe(120);
  const hits = confusion.reduce((sum, row, c) => sum + row[c]!, 0);
  expect(hits / 120).toBe(figures.accuracy);
  expect(classes).toHaveLength(4);
  // The loss is cross-entropy without weights.
  expect(logLoss).toBeCloseTo(figures.loss, 6);
  expect(area).toBeGreaterThan(0.5);
  expect(top).toBeGreaterThanOrEqual(figures.accuracy);
  expect(classes[2]).toMatchObject({ name: '2', support: confusion[2]!.reduce((a, b) => a + b) });
  // The training wrote confusion.csv.
  const csv = readFileSync(join(cwd, 'run/confusion.csv'), 'utf8').trim().split('\n').slice(1);
  expect(csv.map((line) => line.split(',').slice(1).map(Number))).toEqual(confusion);

  const lines = (await text)!.stdout.split('\n');
  expect(lines[0]).toBe(`run · 120 test samples of ${data}`);
  expect(lines[2]).toBe(`accuracy        ${(100 * figures.accuracy).toFixed(2)} %  (${hits} of 120 right)`);
  expect(lines.filter((line) => /^ +[0-3] +[\d.]+ %/.test(line))).toHaveLength(4);
  const matrix = lines.slice(-5, -1).map((line) => line.replaceAll('·', '0').trim().split(/ +/).slice(1));
  expect(matrix.map((row) => row.map(Number))).toEqual(confusion);
});

test('a folder of other IDX files: its test images, though it has no training images', async () => {
  const cwd = await finishedRun();
  await mkdir(join(cwd, 'other'));
  const { 't10k-images-idx3-ubyte': images, 't10k-labels-idx1-ubyte': labels } = toyFiles({ test: 33 });
  await writeFiles(join(cwd, 'other'), {
    't10k-images-idx3-ubyte': images!,
    't10k-labels-idx1-ubyte.gz': labels!,
  });
  const { stdout, stderr } = await runTrain(['evaluate', 'run', '--data', 'other', '--json'], { cwd });
  expect(stderr).toBe('');
  expect(objectOf(stdout)).toMatchObject({ data: 'test samples of other', samples: 33 });
});

test('a CSV: every sample, or those of the test file beside it', async () => {
  const cwd = await finishedRun();
  const { 't10k-images-idx3-ubyte': images, 't10k-labels-idx1-ubyte': labels } = toyFiles();
  const lines = csvOf(images!, labels!);
  await writeFile(join(cwd, 'all.csv'), lines.join('\n'));
  await writeFile(join(cwd, 'my-train.csv'), lines.slice(0, 5).join('\n'));
  await writeFile(join(cwd, 'my-test.csv'), lines.slice(0, 9).join('\n'));
  const evaluate = async (file: string) =>
    objectOf((await runTrain(['evaluate', 'run', '--data', file, '--json'], { cwd })).stdout);
  expect(await evaluate('all.csv')).toMatchObject({
    data: 'samples of all.csv',
    samples: 120,
    ...summaryOf(cwd).test,
  });
  expect(await evaluate('my-train.csv')).toMatchObject({ data: 'samples of my-test.csv', samples: 9 });
});

test('a run trained on a CSV: its held-out samples, and a warning if all are asked for', async () => {
  const cwd = await toyFolder();
  const { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels } = toyFiles();
  await writeFile(join(cwd, 'all.csv'), csvOf(images!, labels!).join('\n'));
  await runTrain([...settings, '--data', 'all.csv'], { cwd });
  const own = await runTrain(['evaluate', 'run', '--json'], { cwd });
  expect(objectOf(own.stdout)).toMatchObject({ samples: 85, ...summaryOf(cwd).test });
  const all = await runTrain(['evaluate', 'run', '--data', 'all.csv', '--json'], { cwd });
  expect(objectOf(all.stdout)).toMatchObject({ samples: 600 });
  expect(all.stderr).toMatch(/^warning the run was trained on most of these samples/);
});

test('what is odd about the data is said: changed since the training, classes without samples', async () => {
  // The run knows where its data is.
  const cwd = await temporaryFolder();
  await train(cwd);
  const lines = csvOf(toyFiles()['t10k-images-idx3-ubyte']!, toyFiles()['t10k-labels-idx1-ubyte']!);
  await writeFile(join(cwd, 'ones.csv'), lines.filter((line) => line.startsWith('1')).join('\n'));
  const ones = await runTrain(['evaluate', 'run', '--data', 'ones.csv'], { cwd });
  expect(ones.stderr).toBe('warning 3 of 4 classes have no samples here\n');
  await writeFiles(join(cwd, 'data'), toyFiles({ test: 119 }));
  const changed = await runTrain(['evaluate', 'run', '--json'], { cwd });
  expect(changed.stderr).toBe(`warning ${join(cwd, 'data')} is no longer the data of the run\n`);
  expect(objectOf(changed.stdout)).toMatchObject({ samples: 119 });
});

test('data that does not fit, and what is missing: one line and an exit code', async () => {
  const cwd = await finishedRun();
  await mkdir(join(cwd, 'wide'));
  await writeFiles(join(cwd, 'wide'), toyFiles({ side: 9 }));
  await writeFile(join(cwd, 'wide.csv'), '1,2,3\n');
  await writeFile(
    join(cwd, 'classes.csv'),
    `${['1', '4'].map((label) => label + ',0'.repeat(64)).join('\n')}\n`,
  );
  const cases: [args: string[], code: number, message: string][] = [
    [
      ['--data', 'wide'],
      3,
      'wide: expected images of 8 x 8 pixels, as the network was trained on, got images of 9 x 9 pixels',
    ],
    [
      ['--data', 'wide.csv'],
      3,
      'wide.csv: expected images of 8 x 8 pixels, ' +
        'as the network was trained on: 64 columns, or a label more, ' +
        'got 3 columns',
    ],
    [
      ['--data', 'classes.csv'],
      3,
      'classes.csv:2: expected one of the 4 classes of the network in column "column 1", got 4',
    ],
    [['--data', 'wide', '--data', 'data'], 2, '--data: expected to be given once, got wide, data'],
  ];
  for (const [args, expected, message] of cases) {
    const { code, stdout, stderr } = await runTrain(['evaluate', 'run', ...args], { cwd });
    expect(stderr).toBe(`train: ${message}\n`);
    expect(code).toBe(expected);
    expect(stdout).toBe('');
  }
  for (const name of ['last', 'best']) await rm(join(cwd, `run/checkpoints/${name}.safetensors`));
  const { code, stderr } = await runTrain(['evaluate', 'run'], { cwd });
  expect(code).toBe(4);
  expect(stderr).toMatch(/^train: run: expected the folder of a run, got one without .*checkpoints/);
});

test('a matrix that is wider than the terminal is not shown', () => {
  const confusion = { classes: 3, counts: Uint32Array.of(10, 0, 2, 0, 9, 0, 123, 0, 8) };
  const plain = (_style: string, text: string) => text;
  const lines = ['     0   1   2', '0   10   ·   2', '1    ·   9   ·', '2  123   ·   8'];
  expect(confusionTable(confusion, 15, plain)).toEqual(lines);
  expect(confusionTable(confusion, 14, plain)).toBeUndefined();
});
