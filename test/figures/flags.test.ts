// Figures of several answers yes or no, against scikit-learn (test/vectors/figures.py).
import { describe, expect, test } from 'vitest';
import { figuresFor } from '#lockstep/model/catalogue.js';
import { elementsOf } from '../support/kernel-space.ts';
import { readVectors } from '../support/vectors.ts';

interface Case {
  actual: number[][];
  predicted: number[][];
  figures: Record<string, number>;
  columns: Record<string, number>[];
}

const table = figuresFor('flags');
const unit = { mean: [0], deviation: [1] };
const { flags: cases } = readVectors<{ flags: Case[] }>('figures');

function evaluate({ actual, predicted }: Pick<Case, 'actual' | 'predicted'>) {
  const names = actual[0]!.map((_, c) => `flag ${c}`);
  const tally = table.start({ kind: 'flags', names }, unit);
  for (const [i, row] of actual.entries()) tally.add(row, predicted[i]!, 1);
  return tally.evaluation();
}

describe.each(cases.map((one, i) => [i, one] as const))('case %i', (_, one) => {
  test('the figures are those of scikit-learn, together and by flag', () => {
    const { figures, details } = evaluate(one);
    expect(Object.keys(figures)).toEqual(['loss', ...Object.keys(one.figures)]);
    for (const [name, expected] of Object.entries(one.figures)) {
      expect(figures[name], name).toBeCloseTo(expected, 14);
    }
    for (const [c, expected] of one.columns.entries()) {
      for (const [name, figure] of Object.entries(expected)) {
        expect(details.columns![`flag ${c}`]![name], `${name} of flag ${c}`).toBeCloseTo(figure, 14);
      }
    }
  });

  test('minibatches count the samples of which every flag is right', () => {
    const width = one.columns.length;
    const sums = new Float64Array(2);
    for (const [i, row] of one.actual.entries()) {
      const logits = one.predicted[i]!.map((flag) => (flag === 1 ? 0.25 : -3));
      table.minibatches.add(sums, 1, elementsOf([...logits, ...row]), 0, width, width);
    }
    const found = table.minibatches.of(sums, 1, one.actual.length, unit);
    expect(found).toBeCloseTo(one.figures.accuracy!, 14);
  });
});

test('one flag: precision, recall and F1 of yes', () => {
  // Three hits, one false alarm, two misses, four rightly denied.
  const actual = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0].map((flag) => [flag]);
  const predicted = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0].map((flag) => [flag]);
  const { accuracy, precision, recall, f1, micro_f1: micro } = evaluate({ actual, predicted }).figures;
  expect([accuracy, precision, recall, f1, micro]).toEqual([0.7, 3 / 4, 3 / 5, 6 / 9, 6 / 9]);
});

test('an output above 0 says yes', () => {
  const outputs = Float64Array.of(-1, 0, 1e-9, 5);
  table.decide(outputs, unit);
  expect([...outputs]).toEqual([0, 0, 1, 1]);
});
