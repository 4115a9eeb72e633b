// Reduce-on-plateau, compared with PyTorch (test/vectors/plateau.py).
import { describe, expect, test } from 'vitest';
import { type Figures, figureNamed } from '#lockstep/contracts/figures.js';
import { catalogue, figuresFor } from '#lockstep/model/catalogue.js';
import { readVectors } from '../support/vectors.ts';

interface Case {
  settings: Record<string, string | number> & { metric: string };
  figures: number[];
  rates: number[];
}

const figure = (metric: string, value: number): Figures => ({
  ...{ loss: 0, accuracy: 0, precision: 0, recall: 0, f1: 0 },
  [metric]: value,
});

describe.each(readVectors<Case[]>('plateau').map((one) => [JSON.stringify(one.settings), one] as const))(
  '%s',
  (_, { settings, figures, rates }) => {
    const kind = catalogue.schedule.get('reduce-on-plateau')!;

    test('follows PyTorch, figure by figure', () => {
      const watched = figureNamed(figuresFor('classes'), settings.metric)!;
      const history = figures.map((value) => figure(settings.metric, value));
      const found = history.map((_, i) =>
        kind.follow!({ kind: kind.kind, ...settings }, history.slice(0, i + 1), watched),
      );
      expect(found).toEqual(rates);
      expect(new Set(rates).size).toBeGreaterThan(2);
    });
  },
);
