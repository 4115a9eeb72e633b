import { expect, test } from 'vitest';
import { numberScale } from '#lockstep/report/page/axis.js';
import { importanceOf, ranksOf } from '#lockstep/sweep/importance.js';
import { factsOf } from '#lockstep/sweep/page/facts.js';
import { sweepPage } from '#lockstep/sweep/page/page.js';
import { scaleOf } from '#lockstep/sweep/page/scale.js';
import type { Status, TrialResult } from '#lockstep/sweep/trial.js';
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
