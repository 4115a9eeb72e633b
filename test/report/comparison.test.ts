// `train report A B ...`: what differs between runs, what does not, and what cannot be compared.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shortestNames } from '#lockstep/report/comparison/facts.js';
import { differingSettings } from '#lockstep/report/comparison/settings.js';
import { attribute, cellsOf, jsonIn, type Page, readPage, textIn } from '../support/page.ts';
import { runTrain, temporary } from '../support/run-cli.ts';
import { tableFolder } from '../support/table-folder.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

interface Drawn {
  title: string;
  x: number[];
  series: { name: string; role: string; run: number; values: (number | null)[] }[];
}

let cwd: string;

async function trained(args: readonly string[]): Promise<void> {
  const { code, stderr } = await runTrain([...args, '--quiet'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
}

async function compared(folders: readonly string[], file = 'comparison.html'): Promise<Page> {
  const out = file === 'comparison.html' ? [] : ['--out', file];
  expect(await runTrain(['report', ...folders, ...out], { cwd })).toEqual({
    code: 0,
    stdout: `${file}\n`,
    stderr: '',
  });
  return readPage(join(cwd, file));
}

const summaryOf = (run: string) => JSON.parse(readFileSync(join(cwd, run, 'summary.json'), 'utf8'));
const charts = (page: Page) => jsonIn(page, 'charts') as Drawn[];
const warnings = ({ elements }: Page) =>
  elements.filter((element) => attribute(element, 'class') === 'warning').map(textIn);
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

beforeAll(async () => {
  cwd = await toyFolder(toyExperiment, temporary());
  await tableFolder('values', '', mkdirIn('table'));
  await trained(['toy.yaml', '--out', 'runs/one']);
  await trained(['toy.yaml', '--out', 'runs/two', '--threads', '1']);
  await trained(['toy.yaml', '--out', 'runs/<b>wide', '--set', 'model[0].units=20', '--epochs', '5']);
  await trained(['toy.yaml', '--out', 'runs/seeds', '--seeds', '2']);
  await trained(['table/table.yaml', '--out', 'runs/values']);
}, 120_000);
afterAll(() => rmSync(cwd, { recursive: true }));

function mkdirIn(name: string): string {
  mkdirSync(join(cwd, name));
  return join(cwd, name);
}

describe('the page that compares runs', () => {
  test('names the same bits, the settings that differ, and the figures of each', async () => {
    const page = await compared(['runs/one', 'runs/two', 'runs/<b>wide']);
    expect(warnings(page)).toEqual([]);
    expect(page.text).toContain('The same bits:</b> one and two ended with the same weights');
    expect(page.text).not.toContain('<b>wide');
    const [heads, ...rows] = cellsOf(page, 'numbers');
    expect(heads!.slice(0, 6)).toEqual([
      'run',
      ...['test accuracy', 'test precision', 'test recall', 'test F1', 'test loss'],
    ]);
    for (const [i, name] of ['one', 'two', '<b>wide'].entries()) {
      const { test, weightsSha256, parameters } = summaryOf(`runs/${name}`);
      expect(rows[i]!.slice(0, 2)).toEqual([name, percent(test.accuracy)]);
      expect(rows[i]![heads!.indexOf('parameters')]).toBe(String(parameters).replace(/(?=...$)/, ','));
      expect(rows[i]!.at(-1)).toBe(weightsSha256.slice(0, 12) + (i < 2 ? ' the same bits' : ''));
    }
    expect(cellsOf(page, 'settings')).toEqual([
      ['setting', 'one', 'two', '<b>wide'],
      ['model[0].units', '16', '16', '20'],
      ['epochs', '3', '3', '5'],
      ['execution.threads', 'auto', '1', 'auto'],
    ]);
  });

  test('has a curve for each run, training and validation, with the numbers of metrics.csv', async () => {
    const page = await compared(['runs/one', 'runs/<b>wide']);
    expect(charts(page).map(({ title }) => title)).toEqual(['Loss', 'Accuracy']);
    const [loss] = charts(page);
    expect(loss!.x).toEqual([1, 2, 3, 4, 5]);
    expect(loss!.series.map(({ name, role, run }) => [name, role, run])).toEqual([
      ['one, training', 'training', 1],
      ['one, validation', 'validation', 1],
      ['<b>wide, training', 'training', 2],
      ['<b>wide, validation', 'validation', 2],
    ]);
    const column = (run: string, index: number) =>
      readFileSync(join(cwd, run, 'metrics.csv'), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => Number(row.split(',')[index]));
    const drawn = loss!.series[1]!.values;
    expect(drawn.slice(3)).toEqual([null, null]);
    for (const [i, value] of column('runs/one', 4).entries()) expect(drawn[i]).toBeCloseTo(value, 4);
    for (const [i, value] of column('runs/<b>wide', 2).entries()) {
      expect(loss!.series[2]!.values[i]).toBeCloseTo(value, 4);
    }
  });

  test('leads to the pages of the runs, and to nothing else', async () => {
    mkdirSync(join(cwd, 'sub'), { recursive: true });
    const page = await compared(['runs/one', 'runs/<b>wide'], join('sub', 'mine.html'));
    const links = page.elements.flatMap((element) => attribute(element, 'href') ?? []);
    expect(new Set(links)).toEqual(new Set(['../runs/one/report.html', '../runs/%3Cb%3Ewide/report.html']));
    for (const link of links) expect(existsSync(join(cwd, 'sub', decodeURIComponent(link)))).toBe(true);
    expect(page.text).not.toMatch(/ src=/);
  });

  test('is the same bytes again', async () => {
    const { text } = await compared(['runs/one', 'runs/seeds']);
    expect((await compared(['runs/one', 'runs/seeds'])).text).toBe(text);
  });

  test('takes several seeds as one, with mean and deviation', async () => {
    const page = await compared(['runs/one', 'runs/seeds']);
    const [, , row] = cellsOf(page, 'numbers');
    const [a, b] = [5, 6].map((seed) => summaryOf(`runs/seeds/seed-${seed}`).test.accuracy as number);
    const deviation = Math.abs(a! - b!) / Math.SQRT2;
    expect(row!.slice(0, 2)).toEqual([
      'seeds',
      `${percent((a! + b!) / 2)} ± ${(100 * deviation).toFixed(2)}`,
    ]);
    expect(cellsOf(page, 'settings')[1]).toEqual(['seed', '5', 'from 5 to 6']);
    expect(charts(page)[0]!.series.map(({ name }) => name)).toContain('seeds, validation');
  });

  test('says what cannot be compared: other tasks, other data, what has not ended', async () => {
    cpSync(join(cwd, 'runs/one'), join(cwd, 'runs/cut'), { recursive: true });
    rmSync(join(cwd, 'runs/cut/summary.json'));
    const rows = readFileSync(join(cwd, 'runs/cut/metrics.csv'), 'utf8').split('\n');
    writeFileSync(join(cwd, 'runs/cut/metrics.csv'), `${rows.slice(0, 3).join('\n')}\n`);
    const page = await compared(['runs/one', 'runs/values', 'runs/cut']);
    const said = warnings(page).join('\n');
    expect(said).toContain('one and cut predict classes; values predicts values.');
    expect(said).toMatch(
      /not trained and tested on the same data: one on sha256 \w{8}; values on sha256 \w{8}\./,
    );
    expect(said).toContain(
      'Without figures on the test set, because under way, or ended in the middle: cut (2 epochs).',
    );
    // Each task has figures and charts of its own, even if the names are the same.
    expect(charts(page).map(({ title }) => title)).toEqual([
      ...['Loss of classes', 'Accuracy of classes'],
      ...['Loss of values', 'RMSE of values', 'MAE of values', 'r2 of values'],
    ]);
    expect(cellsOf(page, 'numbers').map(([name]) => name)).toEqual(['run', 'one', 'cut']);
    rmSync(join(cwd, 'runs/cut'), { recursive: true });
  });

  test('refuses what it cannot read, in one line', async () => {
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await runTrain(['report', ...args], { cwd });
      expect(stdout).toBe('');
      return [code, stderr];
    };
    expect(await refused('runs/one', 'runs/one')).toEqual([
      2,
      'train: report: expected different runs, got runs/one twice\n',
    ]);
    expect(await refused('runs/one', 'runs/../runs/one')).toEqual([
      2,
      'train: report: expected different runs, got runs/one and runs/../runs/one, which are one\n',
    ]);
    expect(await refused('runs/one', 'data')).toEqual([
      4,
      'train: data: expected the folder of a run, got a folder of something else; ' +
        'name a folder that `train` wrote\n',
    ]);
    expect(await refused('runs/one', 'runs/two', '--out', 'runs')).toEqual([
      2,
      'train: --out runs: expected a file, got a folder\n',
    ]);
    expect(await refused('runs/one', '--out', 'x.html')).toEqual([
      2,
      'train: --out: expected several runs, which one page compares, got one; ' +
        'the page of a run or a sweep lies in its folder\n',
    ]);
  });
});

test('names are as short as distinguishes the folders', () => {
  expect(shortestNames(['/x/runs/a', '/x/runs/b'])).toEqual(['a', 'b']);
  expect(shortestNames(['/x/one/seed-5', '/x/two/seed-5', '/x/two/seed-6'])).toEqual([
    ...['one/seed-5', 'two/seed-5', 'two/seed-6'],
  ]);
  expect(shortestNames(['C:\\runs\\a', 'C:\\runs\\b'])).toEqual(['a', 'b']);
});

test('settings that differ have their path, in the order of the file', () => {
  const a = { seed: 1, model: [{ kind: 'dense', units: 4 }, { kind: 'relu' }], target: ['x', 1], test: '1' };
  const b = { seed: 1, data: {}, model: [{ kind: 'dense', units: 8 }], more: null, target: ['x'], test: 1 };
  expect(differingSettings([a, b])).toEqual([
    { path: 'model[0].units', values: ['4', '8'] },
    { path: 'more', values: [undefined, 'null'] },
    { path: 'model[1].kind', values: ['relu', undefined] },
    { path: 'target', values: ['[x, 1]', '[x]'] },
    { path: 'test', values: ['"1"', '1'] },
  ]);
});
