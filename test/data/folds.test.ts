import { expect, test } from 'vitest';
import { foldOf } from '#lockstep/data/test-split.js';

/** Thirty samples of three classes: 15, 10 and 5 of them. */
const labels = Uint8Array.from({ length: 30 }, (_, i) => (i < 15 ? 0 : i < 25 ? 1 : 2));
const targets = { kind: 'classes', count: 3 } as const;
type Split = Parameters<typeof foldOf>[0];

function foldsOf(samples: Split, of: number): number[][] {
  return Array.from({ length: of }, (_, i) => {
    const { held, rest } = foldOf(samples, targets, { number: i + 1, of });
    expect([...held, ...rest].sort((a, b) => a - b)).toEqual([...labels.keys()]);
    return [...held];
  });
}

test('each sample is held out in one fold, and each fold has its share of each class', () => {
  const folds = foldsOf({ count: 30, targets: labels } as unknown as Split, 5);
  expect(folds.flat().sort((a, b) => a - b)).toEqual([...labels.keys()]);
  for (const held of folds) {
    expect([0, 1, 2].map((label) => held.filter((i) => labels[i] === label).length)).toEqual([3, 2, 1]);
  }
});

test('the samples of a group are in one fold, and the folds are of nearly equal size', () => {
  const groups = Uint32Array.from(labels, (_, i) => i % 10);
  const folds = foldsOf({ count: 30, targets: labels, groups } as unknown as Split, 5);
  const of = folds.map((held) => new Set(held.map((i) => groups[i]!)));
  expect(of.flatMap((some) => [...some]).sort()).toEqual([...new Set(groups)].sort());
  expect(folds.map(({ length }) => length)).toEqual([6, 6, 6, 6, 6]);
});
