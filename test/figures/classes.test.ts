// Figures of a classification, against scikit-learn (test/vectors/metrics.py).
import { describe, expect, test } from 'vitest';
import { type Confusion, classMetrics } from '#lockstep/foundation/confusion.js';
import { figuresFor } from '#lockstep/model/catalogue.js';
import { elementsOf } from '../support/kernel-space.ts';
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

/** The figures of samples with these counts, each of which has this loss. */
function evaluate(counts: number[][], loss = 0, classes = counts.length) {
  const tally = figuresFor('classes').start(
    { kind: 'classes', count: classes },
    { mean: [0], deviation: [1] },
  );
  for (const [actual, row] of counts.entries()) {
    for (const [predicted, count] of row.entries()) {
      for (let i = 0; i < count; i++) tally.add([actual], [predicted], loss);
    }
  }
  return tally.evaluation();
}

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

  // Of more than 256 classes the matrix is kept as a list. The figures are those of the classes that occur.
  test.each([counts.length, 256, 257, 65_536])(
    'accuracy and macro averages are those of scikit-learn, also of %i classes',
    (classes) => {
      const { figures } = evaluate(counts, 0, classes);
      expect(figures.accuracy).toBeCloseTo(accuracy, 14);
      expect(figures.precision).toBeCloseTo(macro.precision, 14);
      expect(figures.recall).toBeCloseTo(macro.recall, 14);
      expect(figures.f1).toBeCloseTo(macro.f1, 14);
    },
  );

  test('the matrix is kept beside the figures', () => {
    expect(evaluate(counts).details.confusion).toEqual(confusionOf(counts));
  });
});

test('rows are actual classes, columns predicted ones', () => {
  // Two samples of class 0, one of them taken for class 1.
  const [zero, one] = classMetrics(confusionOf([[1, 1], [0, 0]])); // biome-ignore format: a matrix
  expect(zero).toEqual({ precision: 1, recall: 0.5, f1: 2 / 3, support: 2, predicted: 1 });
  expect(one).toEqual({ precision: 0, recall: 0, f1: 0, support: 0, predicted: 1 });
});

test('a class that is predicted, though it does not occur, counts in the averages', () => {
  // Class 0 has precision 1 and recall 1/2, class 1 has 0 and 0, class 2 is nowhere.
  const { figures } = evaluate([[1, 1, 0], [0, 0, 0], [0, 0, 0]]); // biome-ignore format: a matrix
  expect([figures.precision, figures.recall, figures.f1]).toEqual([1 / 2, 1 / 4, 1 / 3]);
});

test('labels from 1: that there is no class 0 takes nothing from perfect predictions', () => {
  const counts = Array.from({ length: 27 }, (_, a) =>
    Array.from({ length: 27 }, (_, p) => (a === p ? a : 0)),
  );
  const { accuracy, precision, recall, f1 } = evaluate(counts).figures;
  expect([accuracy, precision, recall, f1]).toEqual([1, 1, 1, 1]);
});

test('the loss is the mean over the samples', () => {
  const tally = figuresFor('classes').start({ kind: 'classes', count: 2 }, { mean: [0], deviation: [1] });
  for (const loss of [1, 2, 0.5, 2.5]) tally.add([0], [0], loss);
  expect(tally.evaluation().figures.loss).toBe(1.5);
});

test('0/0 is 0: a set without samples has figures of 0', () => {
  const { loss, accuracy, precision, recall, f1 } = evaluate([[0, 0], [0, 0]]).figures; // biome-ignore format: a matrix
  expect([loss, accuracy, precision, recall, f1]).toEqual([0, 0, 0, 0, 0]);
});

test('perfect predictions have figures of exactly 1', () => {
  const { accuracy, precision, recall, f1 } = evaluate([[7, 0], [0, 3]]).figures; // biome-ignore format: a matrix
  expect([accuracy, precision, recall, f1]).toEqual([1, 1, 1, 1]);
});

test('minibatches count the samples that are right', () => {
  const { minibatches } = figuresFor('classes');
  const elements = elementsOf([0, 2, 2, 1, /* classes */ 0, 2, 1, 1]);
  const sums = new Float64Array(2);
  for (let row = 0; row < 4; row++) minibatches.add(sums, 1, elements, row, 4 + row, 3);
  expect([...sums]).toEqual([0, 3]);
  expect([minibatches.sums(3), minibatches.of(sums, 1, 4, { mean: [0], deviation: [1] })]).toEqual([1, 0.75]);
});
