// The contract of schedules, tested for every file in src/schedules.
import { describe, expect, test } from 'vitest';
import { stream } from '#lockstep/foundation/random.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { examples, titled } from '../support/examples.ts';

const horizons = [
  { steps: 1, stepsPerEpoch: 1 },
  { steps: 2, stepsPerEpoch: 1 },
  { steps: 3, stepsPerEpoch: 3 },
  { steps: 100, stepsPerEpoch: 10 },
  { steps: 1000, stepsPerEpoch: 7 },
];

const kinds = [...catalogue.schedule.values()];

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (_, kind) => {
  describe.each(examples(kind).map(titled))('%s', (_, config) => {
    test.each(horizons)('$steps steps, $stepsPerEpoch an epoch: factors are within [0, 1]', (horizon) => {
      const schedule = kind.build(config, horizon);
      for (let step = 0; step < horizon.steps; step++) {
        expect(schedule(step)).toBeGreaterThanOrEqual(0);
        expect(schedule(step)).toBeLessThanOrEqual(1);
      }
    });

    test.each(horizons)('$steps steps, $stepsPerEpoch an epoch: not every factor is 0', (horizon) => {
      const schedule = kind.build(config, horizon);
      const factors = Array.from({ length: horizon.steps }, (_, step) => schedule(step));
      expect(Math.max(...factors)).toBeGreaterThan(0);
    });

    test('is pure: a step has its factor in whatever order, and however often, it is asked for', () => {
      const horizon = { steps: 100, stepsPerEpoch: 10 };
      const inOrder = kind.build(config, horizon);
      const expected = Array.from({ length: 100 }, (_, step) => inOrder(step));
      const random = stream(1, 'schedule');
      const asked = kind.build(config, horizon);
      for (let i = 0; i < 300; i++) {
        const step = random.below(100);
        expect(asked(step)).toBe(expected[step]);
      }
    });
  });
});

describe('golden factors', () => {
  const factors = (kind: string, settings: object, steps: number[]) => {
    const schedule = catalogue.schedule
      .get(kind)!
      .build({ kind, ...settings }, { steps: 101, stepsPerEpoch: 10 });
    return steps.map((step) => schedule(step));
  };

  test('constant is 1', () => {
    expect(factors('constant', { warmup: 0 }, [0, 50, 100])).toEqual([1, 1, 1]);
  });

  test('cosine goes from 1 over a half to its floor', () => {
    const found = factors('cosine', { warmup: 0, floor: 0.2 }, [0, 50, 100]);
    for (const [i, expected] of [1, 0.6, 0.2].entries()) expect(found[i]).toBeCloseTo(expected, 15);
  });

  test('cosine warms up in equal steps', () => {
    expect(factors('cosine', { warmup: 0.4, floor: 0 }, [0, 1, 2, 3, 4])).toEqual([0.25, 0.5, 0.75, 1, 1]);
  });

  test('any schedule can warm up first, and then covers the steps that are left', () => {
    expect(factors('constant', { warmup: 1 }, [0, 4, 9, 10, 100])).toEqual([0.1, 0.5, 1, 1, 1]);
    const found = factors('exponential', { warmup: 2, factor: 0.5 }, [0, 9, 19, 20, 29, 30]);
    expect(found).toEqual([0.05, 0.5, 1, 1, 1, 0.5]);
  });

  test('exponential multiplies after every epoch', () => {
    const found = factors('exponential', { warmup: 0, factor: 0.5 }, [0, 9, 10, 29, 100]);
    expect(found).toEqual([1, 1, 0.5, 0.25, 2 ** -10]);
  });

  test('one-cycle rises for three tenths, or for its warm-up, and falls to its floor', () => {
    const usual = factors('one-cycle', { warmup: 0, start: 0.04, floor: 0.01 }, [0, 15, 30, 65, 100]);
    for (const [i, expected] of [0.04, 0.52, 1, 0.505, 0.01].entries()) {
      expect(usual[i]).toBeCloseTo(expected, 14);
    }
    const half = factors('one-cycle', { warmup: 5, start: 0, floor: 0 }, [0, 25, 50, 75, 100]);
    for (const [i, expected] of [0, 0.5, 1, 0.5, 0].entries()) expect(half[i]).toBeCloseTo(expected, 14);
  });

  test('step multiplies after whole epochs', () => {
    const found = factors('step', { warmup: 0, every: 2, factor: 0.5 }, [0, 19, 20, 39, 40, 100]);
    expect(found).toEqual([1, 1, 0.5, 0.5, 0.25, 0.03125]);
  });
});
