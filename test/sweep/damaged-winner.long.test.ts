// A winner's run that was damaged: the report says so, and the sweep judges its winner again.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runTrain, temporary } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const block = `sweep:
  method: grid
  parameters: { optimizer.learningRate: { values: [0.05, 0.1] } }
`;
let cwd: string;
const read = (name: string) => readFileSync(join(cwd, name), 'utf8');

beforeAll(async () => {
  cwd = await toyFolder(toyExperiment, temporary());
  writeFileSync(join(cwd, 'sweep.yaml'), toyExperiment + block);
  expect((await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd })).code).toBe(0);
}, 120_000);
afterAll(() => rmSync(cwd, { recursive: true }));

test.each([
  [
    'torn',
    'out/best/summary.json',
    (file: string) => writeFileSync(file, read('out/best/summary.json').slice(0, 99)),
  ],
  ['absent', 'out/best/metrics.csv', (file: string) => rmSync(file)],
])('%s %s', { timeout: 120_000 }, async (_, name, damage) => {
  const before = read('out/best/metrics.csv');
  damage(join(cwd, name));
  const report = await runTrain(['report', 'out'], { cwd });
  expect(report.code).toBe(0);
  expect(report.stderr).toContain(`warning the report has no test figures: ${name}: expected a`);
  const again = await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd });
  expect(again.code).toBe(0);
  expect(again.stderr).toMatch(/training the winner, trial \d, again/);
  expect(read('out/best/metrics.csv')).toBe(before);
  expect((await runTrain(['report', 'out'], { cwd })).stderr).toBe('');
});
