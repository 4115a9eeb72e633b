// Curves of several runs in one chart: aligned, and thinned without losing a peak. Their colours.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runColours } from '#lockstep/report/comparison/run-name.js';
import { meanCurves } from '#lockstep/report/figure-curves.js';
import { chartOf, peaksOf } from '#lockstep/report/traces.js';

const named = { title: 'Loss', note: 'mean', unit: 'number' } as const;
const trace = (points: [number, number][]) => ({ name: 'a', role: 'validation', points }) as const;

test('each curve has its values at its own epochs', () => {
  const { x, series, note } = chartOf(named, [
    trace([
      [1, 0.5],
      [2, 0.25],
    ]),
    trace([
      [0.5, 3],
      [2, 2],
      [3, Number.NaN],
    ]),
  ]);
  expect(x).toEqual([0.5, 1, 2, 3]);
  expect(series.map(({ values }) => values)).toEqual([
    [null, 0.5, 0.25, null],
    [3, null, 2, null],
  ]);
  expect(note).toBe('mean');
});

test('10,000 epochs are thinned, and keep both ends and every peak', () => {
  const points = Array.from({ length: 10_000 }, (_, i): [number, number] => [i + 1, 1 / (i + 1)]);
  points[7123] = [7124, 99];
  points[7124] = [7125, -99];
  points[9999] = [10_000, 5];
  const other = trace([
    [1, 4],
    [300, 3],
  ]);
  const { x, series, note } = chartOf(named, [trace(points), other]);
  expect(x.length).toBeGreaterThan(900);
  expect(x.length).toBeLessThanOrEqual(1000);
  expect(x).toEqual([...x].sort((a, b) => a - b));
  const values = series[0]!.values as number[];
  expect([x[0], values[0], x.at(-1), values.at(-1)]).toEqual([1, 1, 10_000, 5]);
  // The peak comes before the dip, within a part of twenty epochs.
  const peak = values.indexOf(99);
  expect(values.indexOf(-99)).toBeGreaterThan(peak);
  expect(Math.abs(x[peak]! - 7124)).toBeLessThan(25);
  expect(series[1]!.values.filter((value) => value !== null)).toEqual([4, 3]);
  expect(note).toBe('mean; the lowest and the highest of every 20 points');
  // Of many curves each has fewer points.
  expect(chartOf(named, Array(100).fill(trace(points))).x.length).toBeLessThanOrEqual(600);
});

test('a thinned line keeps its ends, its peaks, and the places of all that is left', () => {
  const points = Array.from({ length: 1000 }, (_, i): [number, number] => [i, Math.sin(i / 50)]);
  points[333] = [333, 7];
  const thin = peaksOf(points, 40);
  expect(thin.length).toBeLessThanOrEqual(40);
  expect(thin.length).toBeGreaterThan(30);
  expect([thin[0], thin.at(-1)]).toEqual([points[0], points.at(-1)]);
  expect(thin).toContainEqual([333, 7]);
  for (const [i, value] of thin) expect(points[i]).toEqual([i, value]);
  expect(peaksOf(points, 1000)).toBe(points);
});

test('a mean goes as far as all runs go', () => {
  const curves = (values: number[]) => ({
    training: values.map((value, i) => [i + 1, value] as const),
    validation: [],
  });
  expect(meanCurves([curves([1, 2, 3]), curves([3, 5])])).toEqual({
    training: [
      [1, 2],
      [2, 3.5],
    ],
    validation: [],
  });
});

describe('the colours of runs', () => {
  const css = readFileSync(new URL('../../src/report/browser/page.css', import.meta.url), 'utf8');
  // Paper has those of light screens.
  const [light, dark] = [0, 1].map((i) =>
    Array.from({ length: runColours }, (_, run) =>
      rgbOf([...css.matchAll(new RegExp(`--run-${run + 1}: (#[0-9a-f]{6});`, 'g'))][i]![1]!),
    ),
  );

  test.each([
    ['light', light!, '#ffffff'],
    ['dark', dark!, '#13161a'],
  ])('stand out from the page and from each other, %s', (_, colours, page) => {
    const ground = luminance(rgbOf(page)) + 0.05;
    for (const colour of colours) {
      const own = luminance(colour) + 0.05;
      expect(Math.max(own, ground) / Math.min(own, ground)).toBeGreaterThan(3);
    }
    for (const sight of Object.values(sights)) {
      const seen = colours.map((colour) => lab(sight.map((row) => product(row, colour))));
      for (const [i, a] of seen.entries()) {
        for (const b of seen.slice(0, i))
          expect(Math.hypot(...a.map((v, k) => v - b[k]!))).toBeGreaterThan(16);
      }
    }
  });
});

/** Linear red, green and blue. */
function rgbOf(hex: string): number[] {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

const product = (row: readonly number[], rgb: readonly number[]) =>
  Math.min(
    1,
    Math.max(
      0,
      row.reduce((sum, weight, i) => sum + weight * rgb[i]!, 0),
    ),
  );

const luminance = (rgb: readonly number[]) => product([0.2126, 0.7152, 0.0722], rgb);

/** CIE L*a*b*, in which distances are about those that people see. */
function lab(rgb: readonly number[]): number[] {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f(product([0.4124, 0.3576, 0.1805], rgb) / 0.9505);
  const y = f(luminance(rgb));
  const z = f(product([0.0193, 0.1192, 0.9505], rgb) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** How eyes see that lack a kind of cone: Machado, Oliveira and Fernandes 2009. */
const sights = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
