import { expect, test } from 'vitest';
import { createDigests, geometricMean, inTurns, pairLine, verdictOf } from '../../bench/against/pairs.mjs';

const pair = (old: number, seconds: number) => ({ old, new: seconds });

test('what counts is the median of the ratios of pairs, not the ratio of medians', () => {
  // The machine was three times as slow during the second pair, and something disturbed the third.
  const line = pairLine('epochs', 'a', [pair(1, 0.5), pair(3, 1.5), pair(1, 4)]);
  expect(line).toMatchObject({ median: 0.5, count: 3, ratios: [0.5, 0.5, 4], seconds: { old: 1, new: 1.5 } });
  expect(
    pairLine(
      'epochs',
      'a',
      [1, 2, 3, 4, 5, 6, 7].map((ratio) => pair(2, 2 * ratio)),
    ),
  ).toMatchObject({
    median: 4,
    quartiles: [2.5, 5.5],
  });
});

test('sides take turns in going first', () => {
  expect([0, 1, 2].map((turn) => inTurns({ old: 'o', new: 'n' }, turn).join(''))).toEqual(['on', 'no', 'on']);
});

test('a verdict needs five pairs that all say the same, and two per cent', () => {
  const verdict = (...ratios: number[]) =>
    verdictOf(
      pairLine(
        'epochs',
        'a',
        ratios.map((ratio) => pair(1, ratio)),
      ),
    );
  expect(verdict(1.01, 1.03, 1.05, 1.05, 1.1)).toBe('SLOWER');
  expect(verdict(0.99, 0.9, 0.95, 0.95, 0.9)).toBe('faster');
  expect(verdict(0.99, 1.03, 1.05, 1.05, 1.1, 1.1, 1.1)).toBe('');
  expect(verdict(1.01, 0.9, 0.95, 0.95, 0.9, 0.9, 0.9)).toBe('');
  expect(verdict(1.01, 1.01, 1.015, 1.5, 1.5)).toBe('');
  expect(verdict(1.5, 1.5, 1.5, 1.5)).toBe('');
});

test('half as long and twice as long make no change', () => {
  expect(geometricMean([2, 0.5])).toBeCloseTo(1, 12);
  expect(geometricMean([1.1, 1.1])).toBeCloseTo(1.1, 12);
});

test('weights must be the same on both sides and for all numbers of threads', () => {
  const digests = createDigests();
  for (const side of ['old', 'new'] as const) {
    digests.add('same', side, 'a');
    digests.add('other', side, side === 'old' ? 'a' : 'b');
  }
  digests.add('threads', 'old', 'a');
  digests.add('threads', 'new', 'a');
  digests.add('threads', 'new', 'c');
  expect(digests.compare()).toEqual({
    count: 3,
    differences: ['other: old has a, new has b', 'threads: old has a, new has a, c'],
  });
});
