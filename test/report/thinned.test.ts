// Long curves with fewer points: what a reader looks for stays.
import { expect, test } from 'vitest';
import type { Chart } from '#lockstep/report/browser/chart.js';
import { thinned } from '#lockstep/report/page/thinned.js';

const length = 10_000;
const epochs = Array.from({ length }, (_, i) => i + 1);

/** Two series; the second has a figure every tenth epoch only. */
function chart(changes: Partial<Chart> = {}): Chart {
  return {
    title: 'Loss',
    note: '',
    unit: 'number',
    x: epochs,
    series: [
      { name: 'training', role: 'training', values: epochs.map((x) => 1 / x) },
      { name: 'validation', role: 'validation', values: epochs.map((x) => (x % 10 === 5 ? 2 / x : null)) },
    ],
    ...changes,
  };
}

const valueAt = ({ x, series }: Chart, s: number, epoch: number) => series[s]!.values[x.indexOf(epoch)];

test('a short curve stays as it is', () => {
  const short = chart({ x: epochs.slice(0, 2000) });
  expect(thinned(short)).toBe(short);
});

test('a long one has at most 2,000 points, in order, with their own values', () => {
  const whole = chart();
  const few = thinned(whole);
  expect(few.x.length).toBeLessThanOrEqual(2000);
  expect(few.x.length).toBeGreaterThan(1500);
  expect(few.x).toEqual([...few.x].sort((a, b) => a - b));
  for (const [s, { values }] of few.series.entries()) {
    expect(values).toEqual(few.x.map((x) => valueAt(whole, s, x)));
  }
});

test('a single peak and a single dip stay, wherever they are', () => {
  for (const [peak, dip] of [
    [2, 9999],
    [5000, 5001],
    [7777, 3],
  ]) {
    const values = epochs.map((x) => (x === peak ? 9 : x === dip ? -9 : 0.5));
    const few = thinned(chart({ series: [{ name: 'a', role: 'plain', values }] }));
    expect(Math.max(...(few.series[0]!.values as number[]))).toBe(9);
    expect(Math.min(...(few.series[0]!.values as number[]))).toBe(-9);
  }
});

test('the ends of each series and the marked epoch stay', () => {
  const few = thinned(chart({ mark: { x: 4321, label: 'best' } }));
  expect(few.x[0]).toBe(1);
  expect(few.x.at(-1)).toBe(length);
  expect(few.x).toContain(4321);
  expect(valueAt(few, 1, 5)).toBe(2 / 5);
  expect(valueAt(few, 1, 9995)).toBe(2 / 9995);
});

test('a series without figures takes no points from the others', () => {
  const none = { name: 'b', role: 'plain', values: epochs.map(() => null) } as const;
  const few = thinned(chart({ series: [chart().series[0]!, none] }), 100);
  expect(few.x.length).toBeGreaterThan(20);
  expect(few.x.length).toBeLessThanOrEqual(100);
});
