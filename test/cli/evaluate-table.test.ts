// `train evaluate` of tables: figures by column, of probabilities, and the importance of columns.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Importance } from '#lockstep/training/importance.js';
import { runTrain } from '../support/run-cli.ts';
import { tableFolder } from '../support/table-folder.ts';
import { toyFolder } from '../support/toy-folder.ts';

/** Trains in the folder. */
async function trained(cwd: string, file = 'table.yaml'): Promise<string> {
  const { code, stderr, stdout } = await runTrain([file, '--out', 'run', '--quiet'], { cwd });
  expect(stderr).not.toContain('report');
  expect(code).toBe(0);
  return stdout;
}

const evaluate = async (cwd: string, ...more: string[]) => {
  const { code, stdout, stderr } = await runTrain(['evaluate', 'run', ...more], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
};

/** The cells of the lines from the one that begins with this word on, to the next empty line. */
function tableFrom(text: string, first: string): string[][] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(first));
  expect(from, `a line that begins with ${first}`).toBeGreaterThanOrEqual(0);
  const to = lines.findIndex((line, i) => i > from && line === '');
  return lines.slice(from, to < 0 ? undefined : to).map((line) => line.split(/ {2,}/));
}

test('values: figures by column, after a training and in evaluate, for people and for programs', async () => {
  const cwd = await tableFolder('values');
  const ended = await trained(cwd);
  const { columns } = JSON.parse(readFileSync(join(cwd, 'run/summary.json'), 'utf8')).test;
  const shown = tableFrom(ended, 'column');
  expect(shown[0]).toEqual(['column', 'RMSE', 'MAE', 'r2']);
  expect(shown.slice(1).map(([name]) => name)).toEqual(['price', 'weight']);
  expect(Number(shown[2]![3])).toBeCloseTo(columns.weight.r2, 3);
  expect(tableFrom(await evaluate(cwd), 'column')).toEqual(shown);
  const object = JSON.parse(await evaluate(cwd, '--json'));
  expect(object.columns).toEqual(columns);
  for (const figure of ['roc_auc', 'log_loss', 'confusion', 'importance'])
    expect(object).not.toHaveProperty(figure);
});

test('flags: ROC AUC and log loss of each', async () => {
  const cwd = await tableFolder('flags');
  await trained(cwd);
  const { columns, roc_auc: area, log_loss: loss, loss: own } = JSON.parse(await evaluate(cwd, '--json'));
  expect(area).toBeCloseTo((columns.wet.roc_auc + columns.cold.roc_auc) / 2, 12);
  expect(loss).toBeCloseTo((columns.wet.log_loss + columns.cold.log_loss) / 2, 12);
  expect(loss, 'the loss is the log loss').toBeCloseTo(own, 5);
  const text = await evaluate(cwd);
  expect(tableFrom(text, 'column')[0]).toEqual([
    'column',
    'precision',
    'recall',
    'F1',
    'ROC AUC',
    'log loss',
  ]);
  expect(text).toMatch(/^accuracy +[\d.]+ % {2}\(all flags right\)$/m);
});

test('--importance: the column that decides comes first, the idle one counts for nothing', async () => {
  const cwd = await tableFolder('classes');
  await trained(cwd);
  const {
    importance,
    accuracy,
    classes,
    top_2_accuracy: top,
  } = JSON.parse(await evaluate(cwd, '--importance', '--json')) as {
    importance: Importance;
    accuracy: number;
    classes: { name: string }[];
    top_2_accuracy: number;
  };
  expect(importance).toMatchObject({ figure: 'accuracy', unpermuted: accuracy, samples: 60, repeats: 5 });
  expect(importance.columns.map(({ name }) => name)).toEqual(['x', 'idle', 'place']);
  const [x, idle, place] = importance.columns.map(({ mean }) => mean);
  expect(x).toBeGreaterThan(0.1);
  expect(place).toBeGreaterThan(0.1);
  expect(Math.abs(idle!)).toBeLessThan(0.1);
  expect(classes.map(({ name }) => name).toSorted()).toEqual(['<b>yew</b>', 'ash', 'beech']);
  expect(top).toBeGreaterThan(accuracy);
  const text = await evaluate(cwd, '--importance');
  expect(text).toContain('how much the accuracy falls if a column is permuted, over 5 repeats');
  const rows = tableFrom(text.slice(text.indexOf('how much')), 'column');
  expect(rows.map(([name]) => name)[3]).toBe('idle');
  expect(await evaluate(cwd, '--importance'), 'the same again').toBe(text);
});

test('--importance of pictures is refused with a line', async () => {
  const cwd = await toyFolder();
  await trained(cwd, 'toy.yaml');
  const { code, stdout, stderr } = await runTrain(['evaluate', 'run', '--importance'], { cwd });
  expect(stderr).toBe(
    'train: --importance: expected a network that reads the columns of a table, ' +
      'got one that reads pictures\n',
  );
  expect([code, stdout]).toEqual([2, '']);
});
