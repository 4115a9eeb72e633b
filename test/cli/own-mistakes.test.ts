// What is told of data files that cannot be meant: one line, never a stack trace.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, writeFiles } from '../support/data-files.ts';
import { runTrain } from '../support/run-cli.ts';
import { tableFolder } from '../support/table-folder.ts';

test.each<[what: string, text: string, name: string]>([
  ['nothing', '', 'a.csv'],
  ['blank lines', '\n\n  \n', 'a.csv'],
  ['a byte order mark', '\ufeff', 'a.csv'],
  ['nothing, compressed', '', 'a.csv.gz'],
])('a file with %s', async (what, text, name) => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { [name]: text });
  for (const args of what === 'nothing'
    ? [
        ['data', name],
        ['--data', name],
      ]
    : [['data', name]]) {
    const { code, stderr } = await runTrain(args, { cwd });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^train: .*: expected rows of cells, got an empty file\n$/);
  }
});

test('a picture for a network of rows', async () => {
  const cwd = await tableFolder('value');
  await runTrain(['table.yaml', '--out', 'run', '--quiet', '--epochs', '1'], { cwd });
  await writeFiles(cwd, { 'a.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]) });
  const { code, stderr } = await runTrain(['predict', 'run', 'a.png'], { cwd });
  expect([code, stderr]).toEqual([
    3,
    'train: a.png: expected a table of 3 columns, as the network was trained on, got a picture\n',
  ]);
});

test('a folder with a table: its name, in quotes if it has spaces', async () => {
  const cwd = await temporaryFolder();
  await mkdir(join(cwd, 'my data'));
  await writeFiles(join(cwd, 'my data'), { 'train.csv': 'a,label\n1,x\n', 'test.csv': 'a,label\n1,x\n' });
  const { code, stderr } = await runTrain(['--data', 'my data'], { cwd });
  expect(code).toBe(3);
  expect(stderr).toMatch(
    /got no pictures; if the table train\.csv is meant: --data '.*my data.train\.csv'\n$/,
  );
});

test('long lists are cut: 20 columns, 20 classes', async () => {
  const cwd = await temporaryFolder();
  const names = Array.from({ length: 30 }, (_, c) => `c${c}`);
  const lines = Array.from({ length: 80 }, (_, r) => [...names.map((_, c) => r * 1.5 + c), `k${r % 40}`]);
  await writeFiles(cwd, { 'a.csv': [[...names, 'label'], ...lines].map((line) => `${line}\n`).join('') });
  const { stdout } = await runTrain(['data', 'a.csv'], { cwd });
  expect(stdout).toContain('\nc19 ');
  expect(stdout).not.toContain('\nc20 ');
  expect(stdout).toContain('… and 10 more; --json has all of them');
  expect(stdout).toContain('… and 20 more between; --json has all of them');
});

test('a column names rows of predictions only if it can: whole numbers or words, all different', async () => {
  const cwd = await tableFolder('value');
  await runTrain(['table.yaml', '--out', 'run', '--quiet', '--epochs', '1'], { cwd });
  const idWith = async (...cells: string[]) => {
    const rows = cells.map((cell) => `${cell},1.5,2.5,north\n`).join('');
    await writeFiles(cwd, { 'rows.csv': `first,x,idle,place\n${rows}` });
    return (await runTrain(['predict', 'run', 'rows.csv'], { cwd })).stdout.split(',')[0];
  };
  expect(await idWith('7', '5')).toBe('first');
  expect(await idWith('p1', 'p2')).toBe('first');
  expect(await idWith('7', '7')).toBe('id');
  expect(await idWith('1.25', '3')).toBe('id');
});
