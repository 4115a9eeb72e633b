import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, writeFiles } from '../support/data-files.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyFolder } from '../support/toy-folder.ts';

const towns = ['Rome', 'Oslo', 'Rome', 'Bern'];

/** 40 houses: an id, a town, an area with a gap in every tenth row, a garden, a price, a constant. */
function houses(): string {
  const rows = Array.from({ length: 40 }, (_, i) => [
    100 + i,
    towns[i % 4],
    i % 10 === 0 ? '' : 50 + ((i * 7) % 40),
    i % 3 === 0 ? 'yes' : 'no',
    1000 + ((i * 37) % 100),
    7,
  ]);
  return `id,town,area,garden,price,seven\n${rows.join('\n')}\n`;
}

test('shows how a table is read, its columns, its target, and what looks wrong', async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { 'houses.csv': houses() });
  const { code, stdout, stderr } = await runTrain(['data', 'houses.csv', '--set', 'data.target=price'], {
    cwd,
  });
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('houses.csv');
  expect(stdout).toContain('table of 40 rows and 6 columns, a comma between them, names in the first line');
  expect(stdout).toContain('column "id" is another in each row: taken for an id, not read');
  expect(stdout).toMatch(/^ {2}rows +32 training · 8 test$/m);
  expect(stdout).toMatch(/^ {2}target +values$/m);
  expect(stdout).toMatch(/^town +words +3 words: Rome \d+, (?:Oslo|Bern) \d+, (?:Oslo|Bern) \d+$/m);
  expect(stdout).toMatch(/^area +number +\d +5\d to 8\d, mean [67][\d.]+ ± 1\d\.\d+$/m);
  expect(stdout).toMatch(/^seven +number +always 7$/m);
  expect(stdout).toMatch(/^price +1,0\d\d to 1,09\d, mean 1,0\d\d ± \d\d\.\d+$/m);
  expect(stderr.trimEnd().split('\n')).toEqual([
    'warning no training: 4 cells are missing; say what stands for them with --set data.missing=mean',
    'warning column "seven" has the same value in every training row',
  ]);
});

test('--json gives one object with the figures of each column and class', async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { 'houses.csv': houses() });
  const args = ['data', 'houses.csv', '--json', '--set', 'data.target=garden', '--set', 'data.testShare=0.5'];
  const { code, stdout, stderr } = await runTrain(args, { cwd });
  expect([code, stderr]).toEqual([0, '']);
  const facts = JSON.parse(stdout);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(facts.samples).toEqual({ train: 20, test: 20 });
  expect(facts.target.column).toBe('garden');
  expect(facts.target.classes.map(({ name }: { name: string }) => name)).toEqual(['no', 'yes']);
  const total = facts.target.classes.map((one: { train: number; test: number }) => one.train + one.test);
  expect(total).toEqual([26, 14]);
  const [town, area, price, seven] = facts.columns;
  expect(town.words.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(20);
  expect(area).toMatchObject({ name: 'area', kind: 'number' });
  expect(area.least).toBeGreaterThanOrEqual(50);
  expect(price.mean).toBeGreaterThan(price.least);
  expect(seven).toEqual({
    name: 'seven',
    kind: 'number',
    least: 7,
    most: 7,
    mean: 7,
    deviation: 0,
    missing: 0,
  });
  expect(facts.warnings).toContain('column "seven" has the same value in every training row');
});

test('pictures: sizes and the samples of each class; in a pipe no art', async () => {
  const cwd = await toyFolder();
  const { code, stdout, stderr } = await runTrain(['data', 'data'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^ {2}pictures 600 training · 120 test$/m);
  expect(stdout).toMatch(/^ {2}size +8 x 8 pixels, grey$/m);
  const rows = stdout.trimEnd().split('\n').slice(-4);
  const counts = rows.map((row) => row.trim().split(/ +/).map(Number));
  expect(counts.map(([c]) => c)).toEqual([0, 1, 2, 3]);
  expect(counts.reduce((sum, [, train]) => sum + train!, 0)).toBe(600);
  expect(counts.reduce((sum, [, , test]) => sum + test!, 0)).toBe(120);
});

test('an experiment has its data shown, and only settings of the data can be set', async () => {
  const cwd = await toyFolder();
  const { code, stdout } = await runTrain(['data', 'toy.yaml', '--json'], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ name: join(cwd, 'data'), samples: { train: 600 } });
  const wrong = await runTrain(['data', 'data', '--set', 'epochs=3'], { cwd });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toBe(
    'train: --set epochs: expected a setting of the data, such as data.target, got epochs\n',
  );
});

test('what a training refuses is a warning here, and a training refuses it without a folder', async () => {
  const cwd = await toyFolder();
  const rows = Array.from({ length: 30 }, (_, i) => `${i * 3},same`);
  await writeFiles(cwd, { 'one.csv': `size,label\n${rows.join('\n')}\n` });
  const shown = await runTrain(['data', 'one.csv'], { cwd });
  expect(shown.code).toBe(0);
  expect(shown.stderr).toMatch(/^warning no training: one\.csv: expected training samples of at least two/);
  const set = ['--set', 'data.validation=5'];
  const trained = await runTrain(['toy.yaml', '--data', 'one.csv', '--out', 'run', ...set], { cwd });
  expect(trained.code).toBe(3);
  expect(trained.stderr).toContain('expected training samples of at least two classes, got class "same"');
  const again = await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd });
  expect(again.code).toBe(0);
});

test('a training tells notes and warnings, once for several seeds; --quiet tells none', async () => {
  const cwd = await toyFolder();
  const rows = Array.from({ length: 60 }, (_, i) => [i * 3, 5, i % 4].join());
  await writeFiles(cwd, { 'table.csv': `size,five,label\n${rows.join('\n')}\n` });
  const args = ['toy.yaml', '--data', 'table.csv', '--set', 'data.validation=10', '--epochs', '1'];
  const { code, stderr } = await runTrain([...args, '--seeds', '2'], { cwd });
  expect(code).toBe(0);
  expect(stderr).toContain('table of 60 rows and 3 columns');
  const warning = 'warning column "five" has the same value in every training row';
  expect(stderr.split('\n').filter((line) => line === warning)).toHaveLength(1);
  const quiet = await runTrain([...args, '--quiet'], { cwd });
  expect([quiet.code, quiet.stderr]).toEqual([0, '']);
  const dry = await runTrain([...args.slice(0, 5), '--dry-run'], { cwd });
  expect(dry.stderr).toContain(warning);
});
