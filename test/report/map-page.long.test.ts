// The page of a network of convolutions, finished and live: its filters, and what its layers make of samples.
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { watchRun } from '#lockstep/live/watch-run.js';
import { openRun } from '#lockstep/run/open-run.js';
import { type Page, readPage, textIn } from '../support/page.ts';
import { runTrain, temporary } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const experiment = toyExperiment.replace(
  '  - { kind: dense, units: 16 }\n  - relu\n',
  '  - { kind: conv, channels: 5, kernel: 3, padding: same }\n  - batch-norm\n  - relu\n  - max-pool\n',
);

const filters = 'Filters of the first convolution';
const headings = ({ elements }: Page) =>
  elements.filter(({ tagName }) => tagName === 'h2').map((heading) => textIn(heading));

describe('the page of a run', () => {
  let cwd: string;
  let page: Page;
  const file = (name = '') => join(cwd, 'run', name);
  beforeAll(async () => {
    cwd = await toyFolder(experiment, temporary());
    expect((await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd })).code).toBe(0);
    page = readPage(file('report.html'));
  }, 60_000);
  afterAll(() => rmSync(cwd, { recursive: true }));

  test('shows filters, and feature maps of the first right prediction of three classes', async () => {
    const [, ...inside] = headings(page).slice(headings(page).indexOf('Draw one yourself'));
    expect(inside).toEqual([
      filters,
      'Feature maps',
      'The network',
      'Sizes of weights and gradients',
      'What was run',
    ]);
    expect(page.text.split('class="units"')[1]!.split('</div>')[0]!.match(/<img/g)).toHaveLength(5);
    // conv; batch-norm and relu; max-pool: of three samples five channels each.
    expect(page.text.split('<h2>Feature maps</h2>')[1]!.match(/title="channel \d"/g)).toHaveLength(45);
    const { test } = await openDataset(join(cwd, 'data'));
    const predicted = (await openRun(file())).predict(test);
    const first = [0, 1, 2].map((c) => predicted.findIndex((p, i) => p === c && test.targets[i] === c));
    const shown = [...page.text.matchAll(/<figure><img [^>]*alt="test image (\d+): (\d+)"/g)];
    expect(shown.map(([, index, actual]) => [Number(index), Number(actual)])).toEqual(
      first.map((index, c) => [index, c]),
    );
    expect(page.text).toContain('.map-samples {');
  });

  test('is written again with the same bytes, and without its data says what is missing', async () => {
    rmSync(file('report.html'));
    expect((await runTrain(['report', 'run'], { cwd })).code).toBe(0);
    expect(readFileSync(file('report.html'), 'utf8')).toBe(page.text);
    renameSync(join(cwd, 'data'), join(cwd, 'gone'));
    expect((await runTrain(['report', 'run'], { cwd })).code).toBe(0);
    renameSync(join(cwd, 'gone'), join(cwd, 'data'));
    const without = readPage(file('report.html'));
    expect(headings(without)).toContain(filters);
    expect(without.text.split('<h2>Feature maps</h2>')[1]).toMatch(/^\s*<p>They are left out: /);
  });

  test('under way shows the filters of the newest checkpoint', async () => {
    mkdirSync(file('aside'));
    for (const name of ['summary.json', 'report.html']) renameSync(file(name), file(`aside/${name}`));
    const { source } = await watchRun(file());
    const { text } = source.page().parts.weights!;
    expect(text).toContain(filters);
    expect(text.match(/<img/g)).toHaveLength(5);
    expect(text).toContain('As they are after epoch 3.');
  });
});

test('a network without convolutions has no such parts, and no styles for them', async () => {
  const cwd = await toyFolder();
  expect((await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd })).code).toBe(0);
  const text = readFileSync(join(cwd, 'run/report.html'), 'utf8');
  expect(text).not.toMatch(/Feature maps|Filters of|data-part="maps"|\.map-samples/);
});
