// ROC AUC, log loss and top-k accuracy, against scikit-learn (test/vectors/ranking.py).
import { describe, expect, test } from 'vitest';
import type { Targets } from '#lockstep/contracts/task.js';
import { allocateSamples, type Features } from '#lockstep/data/dataset.js';
import { rankOf, rocAuc } from '#lockstep/foundation/ranking.js';
import { inParts } from '#lockstep/training/in-parts.js';
import { rankingFigures } from '#lockstep/training/ranking-figures.js';
import type { Rows, TrainedModel } from '#lockstep/training/trained-model.js';
import { readVectors } from '../support/vectors.ts';

interface ClassesCase {
  labels: number[];
  probabilities: number[][];
  roc_auc: number;
  log_loss: number;
  [top: string]: unknown;
}

interface Vectors {
  classes: ClassesCase[];
  flags: { yes: number[]; scores: number[]; roc_auc: number; log_loss: number }[];
}

const vectors = readVectors<Vectors>('ranking');

/**
 * A network that says these probabilities of the samples: a sample's only number is its place in the list.
 */
function sayer(targets: Targets, said: readonly (readonly number[])[], actual: readonly number[]) {
  const features: Features = { kind: 'floats', shape: [1], columns: [{ kind: 'number', name: 'at' }] };
  const samples = allocateSamples(said.length, features, targets);
  samples.features.set(said.map((_, i) => i));
  samples.targets.set(actual);
  const model = {
    signature: { features, targets },
    outputs: said[0]!.length,
    probabilities: ({ features: rows }: Rows) => Float64Array.from([...rows].flatMap((at) => said[at]!)),
  } as unknown as TrainedModel;
  return { model, samples };
}

describe.each(vectors.classes.map((one, i) => [i, one] as const))('classes, case %i', (_, one) => {
  const classes = one.probabilities[0]!.length;
  const { model, samples } = sayer({ kind: 'classes', count: classes }, one.probabilities, one.labels);
  const figures = rankingFigures(model, samples)!.figures;

  test('ROC AUC and log loss', () => {
    expect(figures.roc_auc).toBeCloseTo(one.roc_auc, 12);
    expect(figures.log_loss).toBeCloseTo(one.log_loss, 12);
  });

  test('top-k accuracy, where k says something', () => {
    const names = Object.keys(figures).filter((name) => name.startsWith('top_'));
    expect(names).toEqual(
      ({ 2: [], 3: ['top_2_accuracy'], 7: ['top_3_accuracy', 'top_5_accuracy'] } as const)[classes]!,
    );
    for (const name of names) expect(figures[name]).toBe(one[name.replace('_accuracy', '')]);
  });
});

test('a class that does not occur is in no average, and without two kinds there is no ROC AUC', () => {
  const said = [
    [0.6, 0.3, 0.1],
    [0.5, 0.4, 0.1],
    [0.2, 0.7, 0.1],
  ];
  const targets: Targets = { kind: 'classes', count: 3 };
  const { model, samples } = sayer(targets, said, [0, 0, 1]);
  expect(rankingFigures(model, samples)!.figures.roc_auc).toBe(1);
  const alone = sayer(targets, said, [1, 1, 1]);
  expect(rankingFigures(alone.model, alone.samples)!.figures).not.toHaveProperty('roc_auc');
});

test('flags: each by itself, and their means', () => {
  const [first, second] = vectors.flags as [Vectors['flags'][0], Vectors['flags'][0]];
  const count = Math.min(first.yes.length, second.yes.length);
  const targets: Targets = { kind: 'flags', names: ['wet', 'cold'] };
  for (const [c, one] of vectors.flags.entries()) {
    const { model, samples } = sayer(
      { kind: 'flags', names: ['it'] },
      one.scores.map((score) => [score]),
      one.yes,
    );
    const { figures, columns } = rankingFigures(model, samples)!;
    expect(figures.roc_auc, `flag ${c}`).toBeCloseTo(one.roc_auc, 12);
    expect(figures.log_loss, `flag ${c}`).toBeCloseTo(one.log_loss, 12);
    expect(columns).toEqual({ it: figures });
  }
  const scores = Array.from({ length: count }, (_, i) => [first.scores[i]!, second.scores[i]!]);
  const yes = Array.from({ length: count }, (_, i) => [first.yes[i]!, second.yes[i]!]).flat();
  const { model, samples } = sayer(targets, scores, yes);
  const { figures, columns } = rankingFigures(model, samples)!;
  expect(columns!.cold!.roc_auc).toBeCloseTo(second.roc_auc, 12);
  expect(figures.roc_auc).toBeCloseTo((columns!.wet!.roc_auc! + columns!.cold!.roc_auc!) / 2, 14);
  expect(figures.log_loss).toBeCloseTo((columns!.wet!.log_loss! + columns!.cold!.log_loss!) / 2, 14);
});

test('values have none of these figures', () => {
  const { model, samples } = sayer({ kind: 'values', names: ['price'] }, [[1]], [1]);
  expect(rankingFigures(model, samples)).toBeUndefined();
});

test('equal scores count half, and of equally likely classes the first comes first', () => {
  expect(rocAuc([0.5, 0.5, 0.5], (i) => i === 1)).toBe(0.5);
  expect(rocAuc([0.1, 0.4, 0.4, 0.8], (i) => i >= 2)).toBe(0.875);
  expect([0, 1, 2].map((c) => rankOf([0.2, 0.4, 0.4], c))).toEqual([2, 0, 1]);
});

test('many samples are taken part by part, none twice', () => {
  const outputs = 2 ** 21;
  const features: Features = { kind: 'floats', shape: [1], columns: [{ kind: 'number', name: 'at' }] };
  const model = {
    signature: { features },
    outputs,
    probabilities: ({ features: rows }: Rows) => Float64Array.from(rows),
  } as unknown as TrainedModel;
  const samples = allocateSamples(5, features, { kind: 'classes', count: 2 });
  samples.features.set([10, 11, 12, 13, 14]);
  const all = inParts(model, samples);
  const parts = [...all].map((part) => ({
    ...part,
    probabilities: [...part.probabilities],
  }));
  expect(parts).toEqual([
    { first: 0, count: 2, probabilities: [10, 11] },
    { first: 2, count: 2, probabilities: [12, 13] },
    { first: 4, count: 1, probabilities: [14] },
  ]);
});
