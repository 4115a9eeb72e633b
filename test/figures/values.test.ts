// Figures of a regression, against scikit-learn (test/vectors/figures.py).
import { describe, expect, test } from 'vitest';
import type { OutputUnit } from '#lockstep/contracts/task.js';
import { figuresFor } from '#lockstep/model/catalogue.js';
import { elementsOf } from '../support/kernel-space.ts';
import { readVectors } from '../support/vectors.ts';

interface Case {
  actual: number[][];
  predicted: number[][];
  figures: Record<string, number>;
  columns: Record<string, number>[];
}

const table = figuresFor('values');
const { values: cases } = readVectors<{ values: Case[] }>('figures');
const namesOf = ({ columns }: Pick<Case, 'columns'>) => columns.map((_, c) => `column ${c}`);

function evaluate({ actual, predicted }: Pick<Case, 'actual' | 'predicted'>, unit: OutputUnit) {
  const names = actual[0]!.map((_, c) => `column ${c}`);
  const tally = table.start({ kind: 'values', names }, unit);
  for (const [i, row] of actual.entries()) tally.add(row, predicted[i]!, i);
  return tally.evaluation();
}

describe.each(cases.map((one, i) => [i, one] as const))('case %i', (_, one) => {
  // The mean of a training part, which is not that of these samples.
  const means = one.columns.map((_, c) => (one.actual[0]![c]! + one.actual[1]![c]!) / 2);
  const unit = { mean: means, deviation: one.columns.map(() => 2) };

  test('the figures are those of scikit-learn, as means over the columns and by column', () => {
    const { figures, details } = evaluate(one, unit);
    for (const [name, expected] of Object.entries(one.figures)) {
      expect(figures[name], name).toBeCloseTo(expected, 10);
    }
    expect(Object.keys(details.columns!)).toEqual(namesOf(one));
    for (const [c, expected] of one.columns.entries()) {
      for (const [name, figure] of Object.entries(expected)) {
        expect(details.columns![`column ${c}`]![name], `${name} of column ${c}`).toBeCloseTo(figure, 10);
      }
    }
    expect(figures.loss).toBe((one.actual.length - 1) / 2);
  });

  test('minibatches have the same RMSE, from standardised numbers', () => {
    const width = one.columns.length;
    const sums = new Float64Array(1 + table.minibatches.sums(width));
    const scaled = ([row, other]: [number[], number[]]) =>
      elementsOf([row, other].flat().map((value, i) => (value - means[i % width]!) / 2));
    for (const [i, row] of one.actual.entries()) {
      table.minibatches.add(sums, 1, scaled([one.predicted[i]!, row]), 0, width, width);
    }
    expect(table.minibatches.of(sums, 1, one.actual.length, unit)).toBeCloseTo(one.figures.rmse!, 9);
    expect(sums[0]).toBe(0);
  });
});

test('outputs are given back in the user’s unit', () => {
  const outputs = Float64Array.of(0, -1, 2);
  table.decide(outputs, { mean: [10, 20, 30], deviation: [1, 2, 0.5] });
  expect([...outputs]).toEqual([10, 18, 31]);
});

test('r2 of the mean is 0, also far from 0', () => {
  const actual = [1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3].map((value) => [value]);
  const predicted = actual.map(() => [1e9 + 1.5]);
  const { figures } = evaluate({ actual, predicted }, { mean: [1e9 + 1], deviation: [1] });
  expect(figures.r2).toBeCloseTo(0, 12);
  expect(figures.mae).toBe(1);
});

test('a set without samples has figures, none of which is NaN', () => {
  const { figures } = table
    .start({ kind: 'values', names: ['a'] }, { mean: [0], deviation: [1] })
    .evaluation();
  for (const value of Object.values(figures)) expect(value).not.toBeNaN();
});
