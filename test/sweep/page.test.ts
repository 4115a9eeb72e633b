import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { numberScale } from '#lockstep/report/page/axis.js';
import { importanceOf, ranksOf } from '#lockstep/sweep/importance.js';
import { axisPlaces } from '#lockstep/sweep/page/axis-places.js';
import { factsOf } from '#lockstep/sweep/page/facts.js';
import { linksIn } from '#lockstep/sweep/page/links.js';
import { sweepPage } from '#lockstep/sweep/page/page.js';
import { scaleOf } from '#lockstep/sweep/page/scale.js';
import type { Status, TrialResult } from '#lockstep/sweep/trial.js';
import { temporaryFolder } from '../support/data-files.ts';
import { toySweep } from '../support/toy-sweep.ts';

const { sweep } = toySweep(`sweep:
  method: random
  run_cap: 9
  parameters:
    optimizer.learningRate: { distribution: log_uniform_values, min: 0.001, max: 1 }
    batchSize: { values: [20, 25, 50] }
    loss: { values: [softmax-cross-entropy, mean-squared-error] }
    epochs: { value: 3 }
`);

function result(number: number, value: number, status: Status = 'finished', epochs = 3): TrialResult {
  const parameters = {
    'optimizer.learningRate': 0.01 * number,
    batchSize: [20, 25, 50][number % 3],
    loss: number <= 3 ? 'softmax-cross-entropy' : 'mean-squared-error',
    epochs: 3,
  };
  const history = Array.from({ length: epochs }, (_, i) => [i + 1, value - 0.1 / (i + 1)] as const);
  const line = {
    ...{ trial: number, id: `id${number}`, parameters, seed: 1, status, epochs, history, seconds: 1 },
    ...{ metric: value, weightsSha256: `abcdef${number}`.padEnd(64, '0'), run: `trials/id${number}` },
    ...(status === 'failed' ? { message: 'it <diverged>' } : {}),
  };
  return { number, parameters, status, epochs, value, deviation: 0, lines: [line] };
}

const results = [
  result(1, 0.9),
  result(2, 0.8),
  result(3, 0.95, 'stopped', 1),
  result(4, 0.7),
  result(5, 0.85, 'stopped', 2),
  result(6, Number.NaN, 'failed', 0),
];

test('equal values share the mean of their ranks', () => {
  expect(ranksOf([3, 1, 3, 2])).toEqual([3.5, 1, 3.5, 2]);
});

test('importance finds what decides, and says how it was measured', () => {
  const deciding = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => result(number, 0.9 - 0.05 * number));
  const [first, ...others] = importanceOf(sweep.dimensions, sweep.objective, deciding)!;
  expect(first).toEqual({ path: 'optimizer.learningRate', measure: 'rank correlation', value: -1 });
  expect(others.map(({ path }) => path)).toEqual(['loss', 'batchSize']);
  // Three trials of one value come before five of the other: 15 / 21 of the variance of the places.
  expect(others[0]).toMatchObject({ measure: 'correlation ratio' });
  expect(others[0]!.value ** 2).toBeCloseTo(15 / 21, 12);
  expect(importanceOf(sweep.dimensions, sweep.objective, deciding.slice(0, 2))).toBeUndefined();
});

test('axes have round numbers', () => {
  expect(numberScale(0, 12).ticks.map(({ label }) => label)).toEqual(['0', '5', '10']);
  expect(numberScale(0.93, 0.985).ticks.map(({ label }) => label)).toEqual(['0.94', '0.96', '0.98']);
  const log = scaleOf(sweep.dimensions[0]!, []);
  expect(log.ticks.map(({ label }) => label)).toEqual(['0.001', '0.01', '0.1', '1']);
  expect(log.place(0.001)).toBe(0);
  expect(log.place(0.01)).toBeCloseTo(1 / 3, 12);
});

test('the page has every trial, needs no network, and lets no text become markup', () => {
  const text = sweepPage(factsOf(sweep, 'name: <b>x</b>\n', results, []));
  expect(text).not.toMatch(/(src|href)=/);
  expect(text).not.toMatch(/\b(url\(|@import)/);
  expect(text).not.toMatch(/<b>x|it <diverged>/);
  expect(text).toContain('it &lt;diverged&gt;');
  // A line and a dot for each curve, parallel coordinates, three scatters. The failed trial is only in the
  // table.
  expect(text.match(/<polyline/g)).toHaveLength(2 * 5);
  expect(text.match(/<circle/g)).toHaveLength(4 * 5);
  expect(text.match(/<polyline class="winner"/g)).toHaveLength(2);
  expect(text.match(/<tr class=/g)).toHaveLength(6);
  expect(text).not.toContain('NaN');
  expect(sweepPage(factsOf(sweep, '', [result(1, Number.NaN, 'failed', 0)], []))).not.toContain('<svg');
});

/** So many trials, the last of which is the worst by far. */
const many = (count: number) =>
  Array.from({ length: count }, (_, i) => result(i + 1, i === count - 1 ? 0.1 : 0.9 - 0.2 * (i / count)));

const captions = (text: string) =>
  [...text.matchAll(/<figcaption>(.*?)<\/figcaption>/gs)].map(([, inner]) => inner!);

test('what is at the edge of a chart is counted in its caption', () => {
  const [lines, ...others] = captions(sweepPage(factsOf(sweep, '', many(30), [])));
  expect(lines).toBe('2 trials are below 71.63 %, and stand at the lower edge.');
  expect(others).toHaveLength(4);
  for (const scatter of others.slice(0, 3)) expect(scatter).toContain('2 trials are below 71.63 %');
  expect(others[3]).toMatch(
    /^\d+ curves? (is|are) below .* for a while, and there follows? the lower edge\.$/,
  );
  const equal = Array.from({ length: 9 }, (_, i) => result(i + 1, 0.5));
  expect(
    captions(sweepPage(factsOf(sweep, '', equal, [])))
      .slice(0, 4)
      .join(),
  ).not.toContain('edge');
  // The worst of a loss are above.
  const { sweep: loss } = toySweep(
    'sweep:\n  method: grid\n  metric: { name: val_loss, goal: minimize }\n' +
      '  parameters:\n    batchSize: { values: [20, 25, 50] }\n',
  );
  const losses = many(30).map((trial) => ({ ...trial, value: 1 - trial.value }));
  expect(captions(sweepPage(factsOf(loss, '', losses, [])))[0]).toMatch(
    /^2 trials are above 0\.2837, .* upper edge\.$/,
  );
});

test('more trials than can be distinguished are not drawn, and that is said', () => {
  const text = sweepPage(factsOf(sweep, '', many(620), []));
  expect(text.match(/<polyline/g)).toHaveLength(2 * 500);
  expect(captions(text)[0]).toContain('Only the best 500 of 620 trials are drawn.');
  // Hundreds of lines are paler.
  expect(text.match(/<g class="dense">/g)).toHaveLength(2);
});

test('long trainings are thinned, also hundreds of them', () => {
  const long = many(500).map((trial) => {
    const history = Array.from({ length: 1000 }, (_, i) => [i + 1, 0.5 + (i % 7) / 100] as const);
    return { ...trial, lines: trial.lines.map((line) => ({ ...line, history })) };
  });
  const text = sweepPage(factsOf(sweep, '', long, []));
  expect(text.length).toBeLessThan(1_500_000);
  expect(captions(text).at(-1)).toContain('Of each curve at most 40 points are drawn, with its peaks.');
});

test('a figure that is no number is left out of a curve', () => {
  const [first, ...others] = many(9);
  const history = [
    [1, Number.NaN],
    [2, 0.8],
    [3, 0.9],
  ] as const;
  const odd = { ...first!, lines: first!.lines.map((line) => ({ ...line, history })) };
  expect(sweepPage(factsOf(sweep, '', [odd, ...others], []))).not.toContain('NaN');
});

test('a bar goes to the right for a correlation above 0, and to the left below it', () => {
  const rising = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => result(number, 0.1 * number));
  const rowsOf = (trials: TrialResult[]) =>
    [
      ...sweepPage(factsOf(sweep, '', trials, [])).matchAll(
        /<span class="(more|less|both)" style="left:([\d.]+)%;width:([\d.]+)%">.*?<span class="share">(.*?)<\/span><\/td>\s*<td>(.*?)<\/td>/gs,
      ),
    ].map(([, ...groups]) => groups);
  expect(rowsOf(rising)[0]).toEqual(['more', '50.0', '50.0', '+1.00', 'larger']);
  const falling = rising.map((trial) => ({ ...trial, value: -trial.value }));
  expect(rowsOf(falling)[0]).toEqual(['less', '0.0', '50.0', '−1.00', 'smaller']);
  // A choice has no direction: its bar is in the middle.
  const choice = rowsOf(rising).find(([side]) => side === 'both')!;
  expect(Number(choice[1]) + Number(choice[2]) / 2).toBeCloseTo(50, 1);
  expect(choice[4]).toBe('–');
});

test('a row leads to its training, as far as it is there, and the head to the winner', async () => {
  const folder = await temporaryFolder();
  for (const name of ['trials/id1', 'trials/id2', 'best'])
    await mkdir(join(folder, name), { recursive: true });
  for (const name of ['trials/id2', 'best']) await writeFile(join(folder, name, 'report.html'), '');
  const links = linksIn(folder, results, [5]);
  const text = sweepPage(factsOf(sweep, '', results, [], links));
  expect([...text.matchAll(/href="(.*?)">(.*?)</g)].map(([, to, name]) => [to, name])).toEqual([
    ['best/report.html', 'report'],
    ['trials/id1/', '1'],
    ['trials/id2/report.html', '2'],
  ]);
  // The winner of several seeds has a page for each.
  expect(linksIn(folder, results, [5, 6]).winner).toEqual([]);
  await mkdir(join(folder, 'best/seed-6'));
  await writeFile(join(folder, 'best/seed-6/report.html'), '');
  expect(linksIn(folder, results, [5, 6]).winner).toEqual([
    { name: 'report of seed 6', to: 'best/seed-6/report.html' },
  ]);
});

test('axes have room for their names and numbers', () => {
  const axis = (name: string, ...labels: string[]) => ({
    name,
    ticks: labels.map((label) => ({ place: 0, label })),
  });
  const short = axisPlaces([axis('a', '1'), axis('b', '1'), axis('c', '1')], 1000);
  expect(short.width).toBe(1000);
  expect(short.left[1]! - short.left[0]!).toBeCloseTo(short.left[2]! - short.left[1]!, 9);
  const names = ['learningRate', 'a-very-long-name-of-a-setting-that-somebody-has-chosen', 'val_accuracy'];
  const axes = Array.from({ length: 9 }, (_, i) => axis(names[i % 3]!, '0.00001', 'softmax-cross…'));
  const { left, width } = axisPlaces(axes, 1000);
  const half = (i: number) => (axes[i]!.name.length * 7.5) / 2;
  expect(width).toBeGreaterThan(1000);
  expect(left[0]! - half(0)).toBeGreaterThan(0);
  expect(left[8]! + half(8)).toBeLessThan(width);
  for (const i of [1, 2, 3, 4, 5, 6, 7, 8])
    expect(left[i]! - half(i)).toBeGreaterThan(left[i - 1]! + half(i - 1));
});
