// `train init`: an experiment for the data at hand.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { schemaPath } from '#lockstep/cli/schema-path.js';
import { namedSources } from '#lockstep/experiment/data-settings.js';
import { temporaryFolder } from '../support/data-files.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyFolder } from '../support/toy-folder.ts';

/** 60 rows of two numbers, a word, a class and a value; with or without gaps. */
function table(gaps: boolean): string {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const [a, b] = [(i * 7) % 11, (i * 5) % 13];
    const kind = a > b ? 'yes' : 'no';
    return [
      gaps && i % 9 === 0 ? '' : a + i / 100,
      b + i / 90,
      ['red', 'blue'][i % 2],
      kind,
      a + b / 3 + i / 50,
    ];
  });
  return ['a,b,colour,class,price', ...rows.map((row) => row.join(','))].join('\n');
}

describe('train init', { timeout: 120_000 }, () => {
  test.each([
    ['classes', false, [], { source: '../my data.csv', target: 'class', validation: 0 }],
    [
      'a value and gaps',
      true,
      ['--set', 'data.target=price'],
      { source: '../my data.csv', target: 'price', missing: 'mean', validation: 0 },
    ],
    [
      'settings that were given',
      true,
      ['--set', 'data.missing=category', '--set', 'data.drop=[price, colour]'],
      {
        source: '../my data.csv',
        missing: 'category',
        drop: ['price', 'colour'],
        target: 'class',
        validation: 0,
      },
    ],
  ])('writes what trains as it stands: %s', async (_, gaps, options, expected) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'my data.csv'), table(gaps));
    await mkdir(join(cwd, 'in'));
    const { code, stdout, stderr } = await runTrain(
      ['init', 'my data.csv', '--out', 'in/mine.yaml', ...options],
      { cwd },
    );
    expect([code, stdout]).toEqual([0, 'in/mine.yaml\n']);
    expect(stderr).toContain('train it: train in/mine.yaml\n');
    const text = await readFile(join(cwd, 'in/mine.yaml'), 'utf8');
    expect(parse(text).data).toEqual(expected);
    const schema = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)![1]!;
    expect(resolve(cwd, 'in', schema)).toBe(resolve('experiments/experiment.schema.json'));
    const trained = await runTrain(['in/mine.yaml', '--epochs', '2', '--out', 'run', '--quiet'], { cwd });
    expect(trained.code).toBe(0);
    expect(trained.stdout).toMatch(/^\n*test /);
  });

  test('of pictures', async () => {
    const cwd = await toyFolder();
    expect((await runTrain(['init', 'data', '--out', 'new.yaml'], { cwd })).code).toBe(0);
    const trained = await runTrain(['new.yaml', '--epochs', '1', '--out', 'run', '--quiet'], { cwd });
    expect(trained.code).toBe(0);
  });

  test('never overwrites, and names the file after the data', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'iris.csv'), table(false));
    await writeFile(join(cwd, 'iris.yaml'), 'mine');
    const { code, stderr } = await runTrain(['init', 'iris.csv'], { cwd });
    expect([code, stderr]).toEqual([
      2,
      'train: iris.yaml: expected a new file, got one that is there already; choose another with --out\n',
    ]);
    expect(await readFile(join(cwd, 'iris.yaml'), 'utf8')).toBe('mine');
  });

  test('writes nothing of data that cannot be trained on', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'x.csv'), table(false).replaceAll('yes', 'no'));
    const { code, stderr } = await runTrain(['init', 'x.csv'], { cwd });
    expect([code, stderr]).toEqual([3, expect.stringContaining('class')]);
    await expect(readFile(join(cwd, 'x.yaml'))).rejects.toThrow('ENOENT');
  });
});

test.each(['init', 'data'])('the help of `train %s` names all sources that are no path', async (command) => {
  const { stdout } = await runTrain([command, '--help']);
  for (const name of namedSources) expect(stdout).toContain(`\`${name}\``);
});

test('the schema of an installed package is named by its place in node_modules', async () => {
  const root = await temporaryFolder();
  const experiments = 'node_modules/lockstep/experiments';
  await mkdir(join(root, experiments), { recursive: true });
  await mkdir(join(root, 'deep'));
  await writeFile(join(root, experiments, 'experiment.schema.json'), '{}');
  expect(schemaPath(join(root, 'a.yaml'))).toBe(`${experiments}/experiment.schema.json`);
  expect(schemaPath(join(root, 'deep/a.yaml'))).toBe(`../${experiments}/experiment.schema.json`);
  const elsewhere = await temporaryFolder();
  expect(resolve(elsewhere, schemaPath(join(elsewhere, 'a.yaml'), '/usr/lib/x'))).toBe(
    '/usr/lib/x/experiment.schema.json',
  );
});
