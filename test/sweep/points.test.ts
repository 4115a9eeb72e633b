// The points of trials: grid, random and bayes.
import { describe, expect, test } from 'vitest';
import { gridPoint, gridSize } from '#lockstep/sweep/grid.js';
import type { Objective } from '#lockstep/sweep/objective.js';
import { createProposals } from '#lockstep/sweep/proposals.js';
import { randomPoint } from '#lockstep/sweep/random.js';
import { type Dimension, type Parameters, sizeOf } from '#lockstep/sweep/space.js';
import type { TrialResult } from '#lockstep/sweep/trial.js';
import { toySweep } from '../support/toy-sweep.ts';

/** The dimensions of these parameters, each given as a line of YAML. */
function spaceOf(method: string, ...parameters: string[]): readonly Dimension[] {
  const lines = parameters.map((line) => `    ${line}\n`).join('');
  return toySweep(`sweep:\n  method: ${method}\n  run_cap: 100\n  parameters:\n${lines}`).sweep.dimensions;
}

describe('a grid', () => {
  const dimensions = spaceOf(
    'grid',
    'model[0].units: { values: [4, 16] }',
    'batchSize: { min: 24, max: 26 }',
    'optimizer.learningRate: { distribution: q_uniform, min: 0.1, max: 0.3, q: 0.1 }',
  );
  test('has every combination once, the last parameter fastest', () => {
    expect(gridSize(dimensions)).toBe(18);
    const points = Array.from({ length: 18 }, (_, i) => gridPoint(dimensions, i + 1));
    expect(points[0]).toEqual({ 'model[0].units': 4, batchSize: 24, 'optimizer.learningRate': 0.1 });
    // Not 0.30000000000000004.
    expect(points[2]).toEqual({ 'model[0].units': 4, batchSize: 24, 'optimizer.learningRate': 0.3 });
    expect(points[3]).toEqual({ 'model[0].units': 4, batchSize: 25, 'optimizer.learningRate': 0.1 });
    expect(points[17]).toEqual({ 'model[0].units': 16, batchSize: 26, 'optimizer.learningRate': 0.3 });
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(18);
  });
  test('of 10^12 points gives the last of them without listing the others', () => {
    const axis = (path: string): Dimension => ({
      ...{ kind: 'interval', path, scale: 'linear', min: 1, max: 1000, quantum: 1 },
      origin: () => path,
    });
    const huge = ['a', 'b', 'c', 'd'].map(axis);
    expect(gridPoint(huge, 1e12)).toEqual({ a: 1000, b: 1000, c: 1000, d: 1000 });
    expect(gridPoint(huge, 1e12 - 1)).toEqual({ a: 1000, b: 1000, c: 1000, d: 999 });
  });
});

describe('random points', () => {
  const dimensions = spaceOf(
    'random',
    'optimizer.learningRate: { distribution: log_uniform_values, min: 0.001, max: 1 }',
    'optimizer.momentum: { min: 0.0, max: 0.9 }',
    'batchSize: { distribution: q_log_uniform_values, min: 8, max: 128, q: 8 }',
    'model[0].units: { values: [4, 16, 64], probabilities: [0.5, 0.5, 0] }',
    'epochs: { min: 1, max: 4 }',
    'optimizer.weightDecay: { distribution: normal, mu: 0.5, sigma: 0.1 }',
  );
  const points = Array.from({ length: 2000 }, (_, i) => randomPoint(dimensions, 7, i + 1));
  const of = (path: string) => points.map((point) => point[path] as number);
  const share = (values: number[], holds: (value: number) => boolean) =>
    values.filter(holds).length / values.length;

  test('stay within their bounds, and are spread as they should be', () => {
    const rates = of('optimizer.learningRate');
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.001);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1);
    for (const [low, high] of [
      [0.001, 0.01],
      [0.01, 0.1],
      [0.1, 1],
    ] as const) {
      expect(share(rates, (rate) => rate >= low && rate < high)).toBeCloseTo(1 / 3, 1);
    }
    expect(share(of('optimizer.momentum'), (value) => value < 0.45)).toBeCloseTo(0.5, 1);
    const sizes = of('batchSize');
    expect(sizes.every((size) => size % 8 === 0 && size >= 8 && size <= 128)).toBe(true);
    // Half of a logarithmic range from 8 to 128 is below 32.
    expect(share(sizes, (size) => size <= 32)).toBeGreaterThan(0.5);
    expect(new Set(of('model[0].units'))).toEqual(new Set([4, 16]));
    for (const epochs of [1, 2, 3, 4])
      expect(share(of('epochs'), (value) => value === epochs)).toBeCloseTo(0.25, 1);
    expect(share(of('optimizer.weightDecay'), (value) => Math.abs(value - 0.5) < 0.1)).toBeCloseTo(0.68, 1);
  });
  test('depend on the seed, the number and the path alone', () => {
    expect(randomPoint(dimensions, 7, 5)).toEqual(points[4]);
    expect(randomPoint(dimensions.slice(2), 7, 5)).toEqual(
      Object.fromEntries(Object.entries(points[4]!).slice(2)),
    );
    expect(randomPoint(dimensions, 8, 5)).not.toEqual(points[4]);
    expect(randomPoint(dimensions, 7, 5, 1)).not.toEqual(points[4]);
  });
});

test('a space that is used up ends the sweep, and no point comes twice', () => {
  for (const method of ['random', 'bayes']) {
    const { sweep } = toySweep(`sweep:
  method: ${method}
  run_cap: 100
  parameters:
    batchSize: { values: [20, 25] }
    model[0].units: { min: 4, max: 9 }
`);
    const proposals = createProposals(sweep);
    const points: string[] = [];
    for (let point = proposals.next([], []); point; point = proposals.next([], []))
      points.push(JSON.stringify(point));
    expect(points).toHaveLength(12);
    expect(new Set(points).size).toBe(12);
  }
});

describe('bayes', () => {
  const block = `sweep:
  method: bayes
  run_cap: 64
  seed: 3
  metric: { name: val_loss }
  parameters:
    optimizer.learningRate: { distribution: log_uniform_values, min: 0.0001, max: 1 }
    model[0].units: { min: 1, max: 64 }
    batchSize: { values: [20, 25, 50] }
    optimizer.momentum: { distribution: normal, mu: 0.5, sigma: 0.1 }
`;
  const lossOf = (point: Readonly<Record<string, unknown>>) => {
    const {
      'optimizer.learningRate': rate,
      'model[0].units': units,
      batchSize,
    } = point as Record<string, number>;
    return (Math.log10(rate!) + 2) ** 2 + ((units! - 40) / 20) ** 2 + (batchSize === 25 ? 0 : 0.5);
  };
  /** The points of a search in batches of 8. */
  function search(seed: number) {
    const { sweep } = toySweep(block.replace('seed: 3', `seed: ${seed}`));
    const proposals = createProposals(sweep);
    const results: TrialResult[] = [];
    for (let first = 1; first <= 64; first += 8) {
      const known = [...results];
      const pending: Parameters[] = [];
      for (let number = first; number < first + 8; number++) {
        const parameters: Parameters = proposals.next(known, pending)!;
        pending.push(parameters);
        const value = lossOf(parameters);
        results.push({ number, parameters, status: 'finished', epochs: 3, value, deviation: 0, lines: [] });
      }
    }
    return { results, dimensions: sweep.dimensions };
  }

  test('looks where it was good, and finds better points than random does', () => {
    const medianOfBest = (of: (seed: number) => number[]) =>
      Array.from({ length: 15 }, (_, seed) => Math.min(...of(seed)))
        .sort((a, b) => a - b)
        .at(7)!;
    const bayes = medianOfBest((seed) => search(seed).results.map(({ value }) => value));
    const { dimensions } = search(0);
    const random = medianOfBest((seed) =>
      Array.from({ length: 64 }, (_, i) => lossOf(randomPoint(dimensions, seed, i + 1))),
    );
    expect(bayes).toBeLessThan(random / 2);
  });
  test('stays within its bounds and kinds', () => {
    for (const { parameters } of search(3).results) {
      const {
        'optimizer.learningRate': rate,
        'model[0].units': units,
        batchSize,
      } = parameters as Record<string, number>;
      expect(rate).toBeGreaterThanOrEqual(0.0001);
      expect(rate).toBeLessThanOrEqual(1);
      expect(Number.isInteger(units) && units! >= 1 && units! <= 64).toBe(true);
      expect([20, 25, 50]).toContain(batchSize);
    }
  });
  test('is the same search again', () => {
    expect(search(3).results).toEqual(search(3).results);
    expect(search(4).results).not.toEqual(search(3).results);
  });
});

test('quanta that do not divide the bounds stay inside of them', () => {
  const [dimension] = spaceOf(
    'random',
    'optimizer.momentum: { distribution: q_uniform, min: 0.05, max: 0.35, q: 0.1 }',
  );
  expect(sizeOf(dimension!)).toBe(3);
  const values = new Set(
    Array.from({ length: 200 }, (_, i) => randomPoint([dimension!], 1, i)['optimizer.momentum']),
  );
  expect(values).toEqual(new Set([0.1, 0.2, 0.3]));
});

test('an objective is compared in the direction of its goal', async () => {
  const { compare, reaches } = await import('#lockstep/sweep/objective.js');
  const loss: Objective = { name: 'val_loss', goal: 'minimize', target: 0.2 };
  const accuracy: Objective = { name: 'val_accuracy', goal: 'maximize', target: 0.9 };
  expect(compare(loss, 0.1, 0.3)).toBeLessThan(0);
  expect(compare(accuracy, 0.1, 0.3)).toBeGreaterThan(0);
  expect(compare(accuracy, Number.NaN, 0)).toBeGreaterThan(0);
  expect([0.1, 0.2, 0.3].map((value) => reaches(loss, value))).toEqual([true, true, false]);
  expect([0.8, 0.9, 1].map((value) => reaches(accuracy, value))).toEqual([false, true, true]);
});
