// `train runs`: what lies in a folder of runs.
import { cp, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fittingTable } from '#lockstep/cli/fitting-table.js';
import { runTrain, temporary } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

describe('train runs', { timeout: 120_000 }, () => {
  let cwd: string;
  const at = (...path: string[]) => join(cwd, 'runs', ...path);
  const age = async (folder: string, seconds: number) => {
    for (const file of [
      'config.yaml',
      'metrics.csv',
      'timing.csv',
      'summary.json',
      'report.html',
      'checkpoints',
    ])
      await utimes(at(folder, file), seconds, seconds).catch(() => {});
    for (const file of ['last', 'best'])
      await utimes(at(folder, `checkpoints/${file}.safetensors`), seconds, seconds).catch(() => {});
    await utimes(at(folder, 'confusion.csv'), seconds, seconds).catch(() => {});
  };

  beforeAll(async () => {
    cwd = await toyFolder(toyExperiment, temporary());
    const train = (...args: string[]) => runTrain([...args, '--quiet'], { cwd });
    expect((await train('toy.yaml', '--out', 'runs/whole')).code).toBe(0);
    await train('toy.yaml', '--epochs', '1', '--seeds', '2', '--out', 'runs/seeds');
    const block = 'sweep:\n  method: grid\n  parameters: { batchSize: { values: [25, 50] } }\n';
    await writeFile(join(cwd, 'sweep.yaml'), toyExperiment + block);
    await train('sweep', 'sweep.yaml', '--out', 'runs/sweep');
    await cp(at('whole'), at('cut'), { recursive: true });
    await rm(at('cut/summary.json'));
    await cp(at('whole'), at('changed'), { recursive: true });
    await writeFile(at('changed/metrics.csv'), `${await readFile(at('changed/metrics.csv'), 'utf8')}4,1\n`);
    await cp(at('whole'), at('lost'), { recursive: true });
    await rm(at('lost/checkpoints/best.safetensors'));
    // Of other programs.
    await mkdir(at('foreign'));
    await writeFile(at('foreign/config.yaml'), 'a: 1\n');
    await mkdir(at('empty'));
    await age('whole', 1e9);
    await age('cut', 2e9);
  }, 120_000);

  test('says of each what became of it, the newest first, and skips what is not ours', async () => {
    const { code, stdout, stderr } = await runTrain(['runs', '--json'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    const found = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(found[0].folder).toBe(join('runs', 'cut'));
    expect(found.at(-1).folder).toBe(join('runs', 'whole'));
    const summary = JSON.parse(await readFile(at('whole/summary.json'), 'utf8'));
    const metrics = (await readFile(at('whole/metrics.csv'), 'utf8')).trimEnd().split('\n');
    const [columns, last] = [metrics[0]!.split(','), metrics.at(-1)!.split(',')];
    expect(found.at(-1)).toEqual({
      ...{
        folder: join('runs', 'whole'),
        kind: 'run',
        name: 'toy',
        state: 'finished',
        epochs: 3,
        parts: null,
      },
      ...{ time: new Date(1e12).toISOString(), seed: 5, figure: 'accuracy', trouble: null },
      validation: Number(last[columns.indexOf('val_accuracy')]),
      test: summary.test.accuracy,
      weightsSha256: summary.weightsSha256,
    });
    const states = Object.fromEntries(
      found.map(({ folder, kind, state }) => [folder.slice(5), [kind, state]]),
    );
    expect(states).toEqual({
      whole: ['run', 'finished'],
      cut: ['run', 'resumable'],
      changed: ['run', 'damaged'],
      lost: ['run', 'damaged'],
      seeds: ['seeds', 'finished'],
      sweep: ['sweep', 'finished'],
    });
    const sweep = found.find(({ kind }) => kind === 'sweep');
    const best = JSON.parse(await readFile(at('sweep/best/summary.json'), 'utf8'));
    expect([sweep.parts, sweep.test]).toEqual([{ done: 2, of: 2 }, best.test.accuracy]);
    const seeds = found.find(({ kind }) => kind === 'seeds');
    const each = [5, 6].map(async (seed) =>
      JSON.parse(await readFile(at(`seeds/seed-${seed}/summary.json`), 'utf8')),
    );
    const [a, b] = await Promise.all(each);
    expect(seeds.test).toBeCloseTo((a.test.accuracy + b.test.accuracy) / 2, 12);
  });

  test('as a table, with what is damaged on stderr', async () => {
    const { stdout, stderr } = await runTrain(['runs'], { cwd });
    expect(stdout).toMatch(/^runs\/cut +toy +\d{4}-\d\d-\d\d \d\d:\d\d +can resume +3 +5 +accuracy/m);
    expect(stdout).toMatch(/^runs\/sweep .* 2 trials /m);
    expect(stdout).toMatch(/^runs\/changed +toy .* DAMAGED /m);
    expect(stderr).toContain(`${join('runs', 'changed', 'metrics.csv')}: expected sha256`);
    expect(stderr).toContain(join('lost', 'checkpoints/best.safetensors'));
  });

  test('of the trainings of a sweep, which have no checkpoints', async () => {
    const { stdout } = await runTrain(['runs', 'runs/sweep/trials', '--json'], { cwd });
    expect(stdout.match(/"state":"finished"/g)?.length).toBe(2);
  });

  test('of a folder that is not there, or has none', async () => {
    const nothing = await runTrain(['runs', 'nothing'], { cwd });
    expect([nothing.code, nothing.stderr]).toEqual([
      4,
      'train: nothing: expected a folder of runs, got no such folder\n',
    ]);
    const first = await runTrain(['runs'], { cwd: join(cwd, 'data') });
    expect([first.code, first.stdout]).toEqual([0, '']);
    expect(first.stderr).toContain('runs: no runs yet');
  });
});

test('a narrow terminal gets fewer columns, and is told how many', () => {
  const terminal = (columns: number) => ({ live: true, columns: () => columns }) as never;
  const columns = [
    { title: 'run', align: 'l', expendable: 0, cell: (row: string) => row },
    { title: 'first', align: 'r', expendable: 2, cell: () => '12345678' },
    { title: 'second', align: 'r', expendable: 1, cell: () => '87654321' },
  ] as const;
  const rows = ['runs/abc'];
  expect(fittingTable(columns, rows, terminal(80))).toEqual([
    'run          first    second',
    'runs/abc  12345678  87654321',
  ]);
  expect(fittingTable(columns, rows, terminal(27))).toEqual([
    'run         second  +1 more',
    'runs/abc  87654321',
  ]);
  expect(fittingTable(columns, rows, terminal(16))).toEqual(['run  +2 more', 'runs/abc']);
  // What always stays is cut if it must be, so that no line is broken.
  expect(fittingTable(columns, rows, terminal(6))).toEqual(['run  …', 'runs/…']);
});
