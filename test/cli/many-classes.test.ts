// More classes than a screen holds: the worst twenty, and the confusions, in evaluate and in the report.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/data-files.ts';
import { cellsOf, readPage } from '../support/page.ts';
import { runTrain } from '../support/run-cli.ts';

const experiment = `seed: 1
data: { source: many.csv, target: town, validation: 30, testShare: 0.5 }
model: [{ kind: dense, units: classes }]
optimizer: { kind: adam, learningRate: 0.05 }
batchSize: 32
epochs: 3
`;

test('of 257 classes, the twenty worst and the confusions are shown', async () => {
  const cwd = await temporaryFolder();
  const rows = Array.from({ length: 4 * 257 }, (_, i) => `${i % 257},${(i * i) % 23},town-${i % 257}`);
  await writeFile(join(cwd, 'many.csv'), `a,b,town\n${rows.join('\n')}\n`);
  await writeFile(join(cwd, 'many.yaml'), experiment);
  expect((await runTrain(['many.yaml', '--out', 'run', '--quiet'], { cwd })).code).toBe(0);
  const { stdout } = await runTrain(['evaluate', 'run'], { cwd });
  expect(stdout).toContain('\nthe 20 classes of the lowest F1, of 257\n');
  expect(stdout.match(/^ *town-\d+ +[\d.]+ % +[\d.]+ % +[\d.]+ % +\d+$/gm)).toHaveLength(20);
  expect(stdout).toMatch(/^the 20 most frequent of \d+ confusions; --json has all$/m);
  expect(stdout.match(/^town-\d+ +town-\d+ +\d+ +[\d.]+ %$/gm)).toHaveLength(20);

  const json = JSON.parse((await runTrain(['evaluate', 'run', '--json'], { cwd })).stdout);
  expect(json.classes).toHaveLength(257);
  const count = json.confusion.reduce((sum: number, pair: { count: number }) => sum + pair.count, 0);
  expect(count).toBe(json.samples);

  const page = readPage(join(cwd, 'run/report.html'));
  const classes = cellsOf(page, 'classes').slice(1, -1);
  expect(classes).toHaveLength(20);
  const listed = stdout.match(/^ *town-\d+(?= +[\d.]+ % )/gm)!.map((name) => name.trim());
  expect(classes.map(([name]) => name)).toEqual(listed);
  expect(page.elements.filter(({ tagName }) => tagName === 'li').length).toBeGreaterThanOrEqual(20);
  expect(page.text).toContain('The matrix of 257 classes is in confusion.csv.');
});
