import { describe, expect, test } from 'vitest';
import { type Confusion, classMetrics, emptyConfusion, evaluate } from '#lockstep/figures/confusion.js';
import { readVectors } from '../support/vectors.ts';

interface Case {
  counts: number[][];
  accuracy: number;
  each: Record<'precision' | 'recall' | 'f1' | 'support', number[]>;
  macro: Record<'precision' | 'recall' | 'f1', number>;
}

const confusionOf = (counts: number[][]): Confusion => ({
  classes: counts.length,
  counts: Uint32Array.from(counts.flat()),
});

const cases = readVectors<Case[]>('metrics').map((one) => [one.counts.length, one] as const);

describe.each(cases)('a confusion matrix of %i classes', (_, { counts, accuracy, each, macro }) => {
  test('each class has the precision, recall, F1 and support of scikit-learn', () => {
    const classes = classMetrics(confusionOf(counts));
    for (const figure of ['precision', 'recall', 'f1', 'support'] as const) {
      for (const [c, expected] of each[figure].entries()) {
        expect(classes[c]![figure]).toBeCloseTo(expected, 14);
      }
    }
  });

  test('accuracy and macro averages are those of scikit-learn', () => {
    const found = evaluate(confusionOf(counts), 0);
    expect(found.accuracy).toBeCloseTo(accuracy, 14);
    expect(found.precision).toBeCloseTo(macro.precision, 14);
    expect(found.recall).toBeCloseTo(macro.recall, 14);
    expect(found.f1).toBeCloseTo(macro.f1, 14);
  });
});

test('rows are actual classes, columns predicted ones', () => {
  // Two samples of class 0, one of them taken for class 1.
  const [zero, one] = classMetrics(confusionOf([[1, 1], [0, 0]])); // biome-ignore format: a matrix
  expect(zero).toEqual({ precision: 1, recall: 0.5, f1: 2 / 3, support: 2 });
  expect(one).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
});

test('the loss is the mean over the samples', () => {
  expect(evaluate(confusionOf([[3, 0], [0, 1]]), 6).loss).toBe(1.5); // biome-ignore format: a matrix
});

test('0/0 is 0: a set without samples has figures of 0', () => {
  const { loss, accuracy, precision, recall, f1 } = evaluate(emptyConfusion(3), 0);
  expect([loss, accuracy, precision, recall, f1]).toEqual([0, 0, 0, 0, 0]);
});

test('perfect predictions have figures of exactly 1', () => {
  const perfect = confusionOf([[7, 0], [0, 3]]); // biome-ignore format: a matrix
  const { accuracy, precision, recall, f1 } = evaluate(perfect, 0);
  expect([accuracy, precision, recall, f1]).toEqual([1, 1, 1, 1]);
});
