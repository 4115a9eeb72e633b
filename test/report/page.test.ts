// The page of a training: complete, safe, and the same bytes when it is written again.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { classMetrics } from '#lockstep/foundation/confusion.js';
import { percent } from '#lockstep/foundation/format.js';
import { openRun } from '#lockstep/run/open-run.js';
import { readConfusion } from '#lockstep/run/run-tables.js';
import type { RunSummary } from '#lockstep/run/summary.js';
import { attribute, cellsOf, jsonIn, type Page, readPage, textIn } from '../support/page.ts';
import { runTrain, startTrain, temporary } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

/** Text that would do harm if it came into the page unescaped. */
const hostile = `</script><script>alert(1)</script><!-- & "double" 'single' <b>`;

/** A short training that still makes mistakes. */
const weak = `description: ${JSON.stringify(hostile)}\n${toyExperiment}`.replace(
  'learningRate: 0.1, momentum: 0.9',
  'learningRate: 0.003',
);

/** Trains in this folder, or in a temporary one, and opens the page. */
async function trained(args: string[] = [], folder?: string): Promise<{ cwd: string; page: Page }> {
  const cwd = await toyFolder(weak, folder);
  const { code, stderr } = await runTrain(['toy.yaml', '--out', 'run', '--quiet', ...args], { cwd });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return { cwd, page: readPage(join(cwd, 'run/report.html')) };
}

const headings = ({ elements }: Page) =>
  elements.filter(({ tagName }) => tagName === 'h2').map((heading) => textIn(heading));

/** What a page says of the network itself, if there are weights. */
const inside = [
  'Draw one yourself',
  'Weights of the first layer',
  'The network',
  'Sizes of weights and gradients',
];

describe('the page of a run', () => {
  let cwd: string;
  let page: Page;
  beforeAll(async () => {
    ({ cwd, page } = await trained([], temporary()));
  }, 60_000);
  afterAll(() => rmSync(cwd, { recursive: true }));

  test('needs nothing but itself', () => {
    for (const element of page.elements) {
      expect(element.tagName).not.toMatch(/^(link|iframe|object|embed|base|form)$/);
      for (const { name, value } of element.attrs) {
        if (/^(src|href|srcset|poster|action|data)$/.test(name)) expect(value).toMatch(/^data:image\/png;/);
      }
      const text = element.tagName === 'style' ? textIn(element) : (attribute(element, 'style') ?? '');
      expect(text).not.toMatch(/@import|url\(|https?:/);
    }
    const policy = page.elements.find(({ attrs }) => attrs.some(({ value }) => /default-src/.test(value)))!;
    expect(attribute(policy, 'content')).toContain("default-src 'none'");
    // The page contains its own program, and the library with its licence.
    expect(page.text).toContain('Copyright (c) 2022 Leon Sorokin');
    expect(page.text).toContain('u-legend');
  });

  test('tells the figures of summary.json, metrics.csv and confusion.csv', () => {
    const file = (name: string) => readFileSync(join(cwd, 'run', name), 'utf8');
    const summary: RunSummary = JSON.parse(file('summary.json'));
    expect(jsonIn(page, 'summary')).toEqual(summary);
    const { test } = summary;
    const tiles = page.elements
      .filter((element) => attribute(element, 'class')?.startsWith('tile '))
      .map(textIn);
    expect(tiles[0]).toContain(percent(test!.accuracy as number));
    expect(tiles[1]).toContain(percent(test!.precision as number));
    expect(tiles[2]).toContain(percent(test!.recall as number));
    expect(tiles[3]).toContain(percent(test!.f1 as number));
    expect(tiles[4]).toContain(test!.loss.toFixed(4));
    const { threads, activeThreads } = summary;
    expect(tiles[5]).toContain('Top-3 accuracy');
    expect(tiles[6]).toContain('ROC AUC');
    expect(tiles[7]).toContain(`Log loss${test!.loss.toFixed(4)}`);
    const time = tiles.find((tile) => tile.startsWith('Time'));
    expect(time).toContain(activeThreads < threads ? `${activeThreads} of ${threads} threads` : 'thread');
    for (const digest of [summary.weightsSha256, summary.dataSha256, summary.fingerprint]) {
      expect(page.text).toContain(digest);
    }

    const confusion = readConfusion('confusion.csv', file('confusion.csv'), summary);
    const cells = cellsOf(page, 'heat').slice(2);
    expect(cells.map(([actual]) => actual)).toEqual(['0', '1', '2', '3']);
    expect(cells.flatMap((row) => row.slice(1).map((cell) => Number(cell)))).toEqual([...confusion.counts!]);
    expect(cellsOf(page, 'classes').slice(1, -1)).toEqual(
      classMetrics(confusion).map(({ precision, recall, f1, support }, c) => [
        String(c),
        ...[precision, recall, f1].map(percent),
        String(support),
      ]),
    );

    const rows = file('metrics.csv').trimEnd().split('\n').slice(1);
    const charts = jsonIn(page, 'charts') as { title: string; x: number[]; series: { values: number[] }[] }[];
    expect(charts.map(({ title }) => title)).toEqual(['Loss', 'Accuracy', 'Learning rate', 'Speed']);
    const columns = [2, 4, 3, 5, 1].map((column) => rows.map((row) => Number(row.split(',')[column])));
    const drawn = charts.slice(0, 3).flatMap(({ series }) => series.map(({ values }) => values));
    for (const [i, values] of drawn.entries()) {
      for (const [epoch, value] of values.entries()) expect(value).toBeCloseTo(columns[i]![epoch]!, 5);
    }
    expect(charts[0]).toMatchObject({ mark: { x: summary.bestEpoch }, x: [1, 2, 3] });
    // Without scripts, the numbers are in a table.
    expect(cellsOf(page, 'numbers')[1]![2]).toBe(Number(rows[0]!.split(',')[2]).toFixed(4));
  });

  test('shows text of the user as text', () => {
    const lead = page.elements.find((element) => attribute(element, 'class') === 'lead')!;
    expect(textIn(lead)).toBe(hostile);
    expect(page.text).not.toContain('<script>alert');
    expect(page.elements.filter(({ tagName }) => tagName === 'script')).toHaveLength(8);
    expect(page.elements.find(({ tagName }) => tagName === 'pre')!.childNodes).toHaveLength(1);
  });

  test('holds pictures of what the network says, the worst mistakes first', async () => {
    const run = await openRun(join(cwd, 'run'));
    const { test } = await openDataset(join(cwd, 'data'));
    const probabilities = run.probabilities(test);
    const cards = page.elements
      .filter((element) => attribute(element, 'class') === 'card')
      .map((card) => {
        const [, index, actual] = /test image (\d+): (\d+)/.exec(
          attribute(card.childNodes.find(({ nodeName }) => nodeName === 'img') as never, 'alt')!,
        )!;
        const src = attribute(card.childNodes.find(({ nodeName }) => nodeName === 'img') as never, 'src')!;
        return { index: Number(index), actual: Number(actual), src, text: textIn(card) };
      });
    const wrong = Array.from(test.targets.keys()).filter((i) => {
      const row = [...probabilities.subarray(i * 4, i * 4 + 4)];
      return row.indexOf(Math.max(...row)) !== test.targets[i];
    });
    expect(wrong.length).toBeGreaterThan(24);
    const ofActual = (i: number) => probabilities[i * 4 + test.targets[i]!]!;
    const worst = wrong.toSorted((a, b) => ofActual(a) - ofActual(b)).slice(0, 24);
    expect(cards.slice(0, worst.length).map(({ index }) => index)).toEqual(worst);
    expect(cards).toHaveLength(Math.min(24, wrong.length) + Math.min(12, wrong.length - worst.length) + 12);
    for (const { index, actual, src, text } of cards) {
      expect(actual).toBe(test.targets[index]);
      const picture = decode(Buffer.from(src.split(',')[1]!, 'base64'));
      expect([picture.width, picture.height, picture.channels]).toEqual([8, 8, 1]);
      expect([...picture.data]).toEqual([...test.features.subarray(index * 64, index * 64 + 64)]);
      const likely = Math.max(...probabilities.subarray(index * 4, index * 4 + 4));
      expect(text).toContain(likely > 0.999 ? '> 99.9 %' : `${(likely * 100).toFixed(1)} %`);
    }
  });

  test('without validation, or with figures within epochs, has the curves there are', async () => {
    const without = await trained(['--set', 'data.validation=0']);
    const charts = jsonIn(without.page, 'charts') as { mark?: unknown; series: { name: string }[] }[];
    expect(charts[0]!.series.map(({ name }) => name)).toEqual(['training']);
    expect(charts[0]!.mark).toBeUndefined();
    const steps = await trained(['--set', 'evaluateEvery.steps=8']);
    const [loss] = jsonIn(steps.page, 'charts') as { x: number[]; mark: { x: number } }[];
    expect(loss!.x).toEqual([0.4, 0.8, 1.2, 1.6, 2, 2.4, 2.8, 3]);
    expect(loss!.x).toContain(loss!.mark.x);
  });
});

describe('train report', () => {
  test('writes the same bytes again', async () => {
    const { cwd } = await trained();
    const read = () => readFileSync(join(cwd, 'run/report.html'), 'utf8');
    const before = read();
    rmSync(join(cwd, 'run/report.html'));
    const again = await runTrain(['report', 'run'], { cwd });
    expect(again).toEqual({ code: 0, stdout: `${join('run', 'report.html')}\n`, stderr: '' });
    expect(read()).toBe(before);
    await runTrain(['report', '.'], { cwd: join(cwd, 'run') });
    expect(read()).toBe(before);
  });

  test('goes without pictures where the data is another or gone, and says so', async () => {
    const { cwd } = await trained();
    const labels = join(cwd, 'data/t10k-labels-idx1-ubyte');
    const sound = readFileSync(labels);
    writeFileSync(
      labels,
      Uint8Array.from(sound, (byte, i) => (i === 8 ? (byte + 1) % 4 : byte)),
    );
    const changed = await runTrain(['report', 'run'], { cwd });
    expect(changed.code).toBe(0);
    expect(changed.stderr).toMatch(
      /^warning the report has no predictions: .*data.* is no longer that of the run/,
    );
    rmSync(labels);
    const gone = await runTrain(['report', 'run'], { cwd });
    expect(gone.code).toBe(0);
    expect(gone.stderr).toMatch(/^warning the report has no predictions: .*t10k-labels/);
    const page = readPage(join(cwd, 'run/report.html'));
    expect(page.elements.some((element) => attribute(element, 'class') === 'card')).toBe(false);
    expect(page.text, 'the matrix has nothing to click').not.toContain('data-cell=');
    expect(page.text).toContain('There are no predictions');
    expect(cellsOf(page, 'heat')).toHaveLength(6);
  });

  test('refuses what is no run', async () => {
    const cwd = await toyFolder();
    const { code, stderr, stdout } = await runTrain(['report', 'data'], { cwd });
    expect(code).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'train: data: expected the folder of a run, got a folder of something else; ' +
        'name a folder that `train` wrote\n',
    );
  });
});

describe('the page of a training that did not come to its end', () => {
  test('that was stopped has its curves and no test figures', async () => {
    const cwd = await toyFolder(toyExperiment.replace('epochs: 3', 'epochs: 100000'));
    const running = startTrain(['toy.yaml', '--out', 'run'], { cwd });
    await running.shows('3/100000');
    running.kill('SIGINT');
    expect((await running.finished).code).toBe(130);
    const page = readPage(join(cwd, 'run/report.html'));
    expect(page.text).toContain('The training was stopped after');
    expect(headings(page)).toEqual(['Learning curves', ...inside, 'What was run']);
    expect(page.text).toContain('The gradients are left out');
    expect(page.text).not.toContain('train verify .');
  });

  test('that diverged says so', async () => {
    const cwd = await toyFolder(toyExperiment.replace('learningRate: 0.1', 'learningRate: 1.0e+30'));
    const { code, stderr, stdout } = await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    const page = readPage(join(cwd, 'run/report.html'));
    expect(page.text).toContain('failed or was killed before its end');
    expect(headings(page)).toEqual(['What was run']);
  });

  test('is never worth the run: where it cannot be written, that is a warning', async () => {
    const cwd = await toyFolder();
    const running = startTrain(['toy.yaml', '--out', 'run', '--json'], { cwd });
    await running.shows('"epoch":1');
    // There is a folder in place of the file.
    mkdirSync(join(cwd, 'run/report.html'));
    const { code, stderr, stdout } = await running.finished;
    expect(code).toBe(0);
    expect(stderr).toContain('warning the report could not be written: ');
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({ event: 'end', epochs: 3 });
    expect(existsSync(join(cwd, 'run/summary.json'))).toBe(true);
  });
});
