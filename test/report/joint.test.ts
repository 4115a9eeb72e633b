// The page about several seeds or folds: means, a dot and a curve for each, and their confusions added.
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { meanAndDeviation } from '#lockstep/foundation/statistics.js';
import { sumOf } from '#lockstep/report/joint/confusion.js';
import { readConfusion } from '#lockstep/run/run-tables.js';
import { attribute, cellsOf, jsonIn, type Page, readPage, textIn } from '../support/page.ts';
import { runTrain, temporary } from '../support/run-cli.ts';
import { tableFolder } from '../support/table-folder.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

/** A short training that still makes mistakes. */
const weak = toyExperiment.replace('learningRate: 0.1, momentum: 0.9', 'learningRate: 0.003');

let cwd: string;
let printed: string;
let seeds: Page;

beforeAll(async () => {
  cwd = await toyFolder(weak, temporary());
  await tableFolder('classes', '', cwd);
  const trained = await runTrain(['toy.yaml', '--seeds', '3', '--out', 'seeds'], { cwd });
  expect(trained.code).toBe(0);
  printed = trained.stdout;
  seeds = readPage(join(cwd, 'seeds/report.html'));
  await runTrain(['table.yaml', '--folds', '3', '--out', 'folds', '--quiet'], { cwd });
}, 120_000);
afterAll(() => rmSync(cwd, { recursive: true }));

const summaryOf = (run: string) => JSON.parse(readFileSync(join(cwd, run, 'summary.json'), 'utf8'));
const confusionOf = (run: string) =>
  readConfusion('', readFileSync(join(cwd, run, 'confusion.csv'), 'utf8'), summaryOf(run));
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
const tiles = ({ elements }: Page) =>
  elements.filter((element) => attribute(element, 'class')?.startsWith('tile')).map(textIn);

describe('the page of several seeds', () => {
  test('is written at the end of the trainings, and its path is printed', () => {
    expect(printed.trimEnd().split('\n').at(-1)).toBe(`report         ${join('seeds', 'report.html')}`);
  });

  test('has mean and deviation of each figure, and a dot for each seed', () => {
    const values = [5, 6, 7].map((seed) => summaryOf(`seeds/seed-${seed}`).test.accuracy as number);
    const { mean, deviation } = meanAndDeviation(values);
    const text = `${percent(mean)} ± ${(100 * deviation).toFixed(2)}`;
    expect(tiles(seeds)[1]).toContain(`Test accuracy${text}`);
    const dots = seeds.elements.filter(({ tagName }) => tagName === 'circle').map(textIn);
    // Five figures of three seeds.
    expect(dots).toHaveLength(15);
    expect(dots.slice(0, 3)).toEqual([5, 6, 7].map((seed, i) => `seed ${seed}: ${percent(values[i]!)}`));
    // Not in its programs, nor in its pictures.
    expect(seeds.text.replaceAll(/<script[^>]*>.*?<\/script>|"data:[^"]*"/gs, '')).not.toMatch(/\bNaN\b/);
  });

  test('has the curves of all, and their mean', () => {
    const charts = jsonIn(seeds, 'charts') as {
      title: string;
      x: number[];
      series: { name: string; weight: string; values: number[] }[];
    }[];
    expect(charts.map(({ title }) => title)).toEqual(['Loss', 'Accuracy']);
    const { x, series } = charts[0]!;
    expect(x).toEqual([1, 2, 3]);
    expect(series).toHaveLength(8);
    const losses = [5, 6, 7].map((seed) =>
      readFileSync(join(cwd, `seeds/seed-${seed}/metrics.csv`), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => Number(row.split(',')[4])),
    );
    const mean = series.find(({ name }) => name === 'mean, validation')!;
    expect(mean.weight).toBe('thick');
    for (const i of [0, 1, 2]) {
      expect(mean.values[i]).toBeCloseTo(losses.reduce((sum, of) => sum + of[i]!, 0) / 3, 4);
      expect(series.find(({ name }) => name === 'seed 6')!.values[i]).toBeCloseTo(losses[1]![i]!, 4);
    }
  });

  test('leads to the page of each seed', () => {
    const links = seeds.elements.flatMap((element) => attribute(element, 'href') ?? []);
    expect(links).toEqual([5, 6, 7].map((seed) => `seed-${seed}/report.html`));
    for (const link of links) expect(existsSync(join(cwd, 'seeds', link))).toBe(true);
    const rows = cellsOf(seeds, 'beginnings');
    expect(rows.map(([name]) => name)).toEqual(['seed', '5', '6', '7', 'mean']);
    expect(rows[2]!.at(-1)).toBe(summaryOf('seeds/seed-6').weightsSha256.slice(0, 12));
  });

  test('is the same bytes again, and no part of what is verified', async () => {
    const again = await runTrain(['report', 'seeds'], { cwd });
    expect(again).toEqual({ code: 0, stdout: `${join('seeds', 'report.html')}\n`, stderr: '' });
    expect(readFileSync(join(cwd, 'seeds/report.html'), 'utf8')).toBe(seeds.text);
    expect((await runTrain(['verify', 'seeds', '--quick'], { cwd })).code).toBe(0);
  });

  test('counts those that came to their end, and says how many did not', async () => {
    cpSync(join(cwd, 'seeds'), join(cwd, 'cut'), { recursive: true });
    rmSync(join(cwd, 'cut/seed-7'), { recursive: true });
    rmSync(join(cwd, 'cut/seed-6/summary.json'));
    rmSync(join(cwd, 'cut/seed-6/report.html'));
    expect((await runTrain(['report', 'cut'], { cwd })).code).toBe(0);
    const page = readPage(join(cwd, 'cut/report.html'));
    expect(page.text).toContain('1 of 3 seeds came to their end.');
    expect(tiles(page)[1]).toContain(`Test accuracy${percent(summaryOf('seeds/seed-5').test.accuracy)}`);
    expect(cellsOf(page, 'beginnings').map(([name, state]) => [name, state])).toEqual([
      ...[
        ['seed', 'state'],
        ['5', 'finished'],
        ['6', 'not ended'],
        ['mean', ''],
      ],
    ]);
    expect(page.elements.flatMap((element) => attribute(element, 'href') ?? [])).toEqual([
      'seed-5/report.html',
    ]);
    // What was interrupted goes on, and the page is that of all of them.
    const resumed = await runTrain(['resume', 'cut', '--quiet'], { cwd });
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toContain(`report         ${join('cut', 'report.html')}`);
    const whole = readPage(join(cwd, 'cut/report.html'));
    expect(tiles(whole)[1]).toBe(tiles(seeds)[1]);
  });

  test('refuses a run that is not the seed of its name', async () => {
    cpSync(join(cwd, 'seeds'), join(cwd, 'copied'), { recursive: true });
    rmSync(join(cwd, 'copied/seed-6'), { recursive: true });
    cpSync(join(cwd, 'seeds/seed-5'), join(cwd, 'copied/seed-6'), { recursive: true });
    expect(await runTrain(['report', 'copied'], { cwd })).toEqual({
      code: 4,
      stdout: '',
      stderr:
        `train: ${join('copied', 'seed-6', 'config.yaml')}: ` +
        'expected the experiment of seed 6, got another; ' +
        'the folder holds another run\n',
    });
  });

  test('needs no parts.json, as folders of 0.1.0 have none', async () => {
    cpSync(join(cwd, 'seeds'), join(cwd, 'old'), { recursive: true });
    for (const name of ['parts.json', 'config.yaml', 'report.html']) rmSync(join(cwd, 'old', name));
    expect((await runTrain(['report', 'old'], { cwd })).code).toBe(0);
    expect(tiles(readPage(join(cwd, 'old/report.html')))[1]).toBe(tiles(seeds)[1]);
  });
});

test('the folds of a cross-validation: their confusions add up to every sample once', () => {
  const page = readPage(join(cwd, 'folds/report.html'));
  const parts = [1, 2, 3].map((fold) => confusionOf(`folds/fold-${fold}`));
  const counts = cellsOf(page, 'heat')
    .slice(2)
    .map((row) => row.slice(1).map(Number));
  expect(counts.flat()).toEqual(
    Array.from({ length: 9 }, (_, i) => parts.reduce((sum, part) => sum + part.counts![i]!, 0)),
  );
  expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(300);
  expect(page.text).toContain('The sum over 3 folds');
  // What a class is called comes from the user.
  expect(page.text).not.toContain('<b>yew');
});

test('matrices are added whether they are dense or not', () => {
  const dense = { classes: 2, counts: Uint32Array.of(1, 2, 3, 4) };
  expect(sumOf([dense, dense])).toEqual({ classes: 2, counts: Uint32Array.of(2, 4, 6, 8) });
  const sparse = { classes: 300, pairs: new Map([[301, 5]]) };
  const sum = sumOf([
    sparse,
    {
      classes: 300,
      pairs: new Map([
        [301, 1],
        [2, 7],
      ]),
    },
  ]);
  expect(sum.pairs).toEqual(
    new Map([
      [301, 6],
      [2, 7],
    ]),
  );
});
