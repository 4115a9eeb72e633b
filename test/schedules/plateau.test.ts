// Reduce-on-plateau, compared with PyTorch (test/vectors/plateau.py).
import { describe, expect, test } from 'vitest';
import type { Metrics } from '#lockstep/contracts/figures.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { readVectors } from '../support/vectors.ts';

interface Case {
  settings: Record<string, string | number> & { metric: keyof Metrics };
  figures: number[];
  rates: number[];
}

const figure = (metric: keyof Metrics, value: number): Metrics => ({
  ...{ loss: 0, accuracy: 0, precision: 0, recall: 0, f1: 0 },
  [metric]: value,
});

describe.each(readVectors<Case[]>('plateau').map((one) => [JSON.stringify(one.settings), one] as const))(
  '%s',
  (_, { settings, figures, rates }) => {
    const kind = catalogue.schedule.get('reduce-on-plateau')!;

    test('follows PyTorch, figure by figure', () => {
      const history = figures.map((value) => figure(settings.metric, value));
      const found = history.map((_, i) =>
        kind.follow!({ kind: kind.kind, ...settings }, history.slice(0, i + 1)),
      );
      expect(found).toEqual(rates);
      expect(new Set(rates).size).toBeGreaterThan(2);
    });
  },
);
