// Sweeps over values and flags: their objectives, ranking, winner and page.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runTrain } from '../support/run-cli.ts';
import { tableFolder } from '../support/table-folder.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toySweep } from '../support/toy-sweep.ts';

const block = (metric = '') => `sweep:
  method: grid
${metric}  parameters:
    optimizer.learningRate: { values: [0.0001, 0.03] }
`;

/** Runs a sweep over a table. */
async function swept(task: Parameters<typeof tableFolder>[0], metric?: string) {
  const cwd = await tableFolder(task, block(metric));
  const { code, stdout, stderr } = await runTrain(['sweep', 'table.yaml', '--out', 's', '--json'], { cwd });
  const lines = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const trials = lines.filter(({ event }) => event === 'trial').sort((a, b) => a.trial - b.trial);
  return { cwd, code, stderr, trials, end: lines.at(-1) };
}

test('of values without a metric, the lowest val_rmse wins', async () => {
  const { cwd, code, trials, end } = await swept('values');
  expect(code).toBe(0);
  expect(trials[1].metric).toBeLessThan(trials[0].metric);
  expect(end.winner).toBe(2);
  expect(Object.keys(end.test)).toEqual(['rmse', 'mae', 'r2', 'loss']);
  const page = readFileSync(join(cwd, 's/report.html'), 'utf8');
  expect(page).toContain('best val_rmse');
  expect(page).toContain('test RMSE of the winner');
  expect(page).not.toMatch(/images/);
  expect(readFileSync(join(cwd, 's/sweep.yaml'), 'utf8')).toMatch(
    /metric:\n +name: val_rmse\n +goal: minimize/,
  );
});

test('val_r2 is maximised, below 0 too', async () => {
  const { code, trials, end } = await swept('values', '  metric: { name: val_r2, goal: maximize }\n');
  expect(code).toBe(0);
  expect(trials[0].metric).toBeLessThan(0.2);
  expect(trials[1].metric).toBeGreaterThan(trials[0].metric);
  expect(end.winner).toBe(2);
});

test('of flags without a metric, the highest val_f1 wins', async () => {
  const { cwd, code, end } = await swept('flags');
  expect(code).toBe(0);
  expect(end.winner).toBe(2);
  expect(readFileSync(join(cwd, 's/report.html'), 'utf8')).toContain('best val_f1');
});

test('a metric of another task is refused once the data is known', async () => {
  const { code, stderr, trials } = await swept('values', '  metric: { name: val_f1, goal: maximize }\n');
  expect(stderr).toBe(
    'train: sweep.metric.name: expected one of val_loss, val_rmse, val_mae, val_r2, because the data has ' +
      'values to predict, got val_f1; write `metric: { name: val_rmse, goal: minimize }`\n',
  );
  expect([code, trials]).toEqual([2, []]);
});

test.each([
  ['softmax-cross-entropy', 'classes', 'val_accuracy', 'maximize'],
  ['mean-squared-error', 'classes', 'val_accuracy', 'maximize'],
  ['mean-squared-error', 'targets', 'val_rmse', 'minimize'],
  ['huber', 'targets', 'val_rmse', 'minimize'],
  ['binary-cross-entropy', 'targets', 'val_f1', 'maximize'],
])('the usual metric of %s with units: %s is %s', (loss, units, name, goal) => {
  const experiment = `${toyExperiment.replace('units: classes', `units: ${units}`)}loss: ${loss}\n`;
  expect(toySweep(block(), experiment).sweep.objective).toEqual({ name, goal });
});
