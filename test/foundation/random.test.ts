import { describe, expect, test } from 'vitest';
import { permutation, type Stream, shuffle, stream } from '#lockstep/foundation/random.js';

/** The first numbers that `draw` gives. */
const first = (count: number, draw: () => number) => Array.from({ length: count }, draw);

describe('golden numbers: they change only with a release', () => {
  test('uniform', () => {
    const random = stream(7, 'shuffle', 3);
    // The numbers of `seedrandom('7/shuffle/3').double()` in seedrandom 3.0.5.
    expect(first(3, random.uniform)).toEqual([0.28899118549033687, 0.9918519553072481, 0.1766485584662169]);
  });

  test('normal', () => {
    const random = stream(7, 'shuffle', 3);
    expect(first(3, random.normal)).toEqual([-0.4751747838283788, -0.8427432575963724, -2.824636727004862]);
  });

  test('below', () => {
    const random = stream(7, 'shuffle', 3);
    expect([10, 1000, 2 ** 32].map((bound) => random.below(bound))).toEqual([0, 869, 3926032004]);
  });

  test('permutation', () => {
    expect([...permutation(10, stream(1, 'x'))]).toEqual([7, 4, 1, 5, 9, 2, 8, 6, 0, 3]);
  });
});

describe('a name is a stream', () => {
  test('seeds 1 and "1" are the same, as numbers and text are anywhere in a name', () => {
    expect(stream(1).uniform()).toBe(stream('1').uniform());
    expect(stream(1, 'init', 2).uniform()).toBe(stream('1', 'init', '2').uniform());
  });

  test('any other name is another stream', () => {
    const names: [number, ...(string | number)[]][] = [
      [1],
      [2],
      [1, 'a'],
      [1, 'b'],
      [1, 'a', 0],
      [1, 'a', 1],
      [12],
      [1, 2],
    ];
    expect(new Set(names.map((name) => stream(...name).uniform())).size).toBe(names.length);
  });

  test('streams do not disturb each other', () => {
    const alone = first(5, stream(1, 'a').normal);
    const [a, b] = [stream(1, 'a'), stream(1, 'b')];
    const together = first(5, () => {
      b.normal();
      return a.normal();
    });
    expect(together).toEqual(alone);
  });
});

test('normal numbers have mean 0, variance 1 and kurtosis 3, within five standard errors', () => {
  const n = 100_000;
  const values = first(n, stream(1, 'normal').normal);
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / n;
  expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
});

describe('below', () => {
  test('7 integers are equally likely: chi-squared, 6 degrees of freedom, below 22.5 (p = 0.001)', () => {
    const random = stream(1, 'below');
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(22.5);
  });

  test('rejects the incomplete last range: below 3 * 2^30, thirds are equally likely', () => {
    // Without rejection, half of the numbers would lie in the first third.
    const random = stream(1, 'reject');
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[Math.floor(random.below(3 * 2 ** 30) / 2 ** 30)]!++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(13.8); // 2 degrees of freedom, p = 0.001
  });

  test('below 1 there is only 0', () => {
    expect(first(10, () => stream(1).below(1))).toEqual(new Array(10).fill(0));
  });
});

describe('shuffle', () => {
  const shuffled = (values: number[], random: Stream) => {
    const numbers = Uint32Array.from(values);
    shuffle(numbers, random);
    return [...numbers];
  };

  test.each([0, 1, 2, 3, 10, 1000])('is a permutation of %i numbers', (count) => {
    const order = permutation(count, stream(1, count));
    expect([...order].sort((a, b) => a - b)).toEqual(first(count, counter()));
  });

  test('keeps repeated numbers', () => {
    expect(shuffled([5, 5, 1, 9, 9, 9], stream(1)).sort()).toEqual([1, 5, 5, 9, 9, 9]);
  });

  test('each of the 24 orders of 4 is equally likely: chi-squared below 49.7 (p = 0.001)', () => {
    const random = stream(1, 'orders');
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = permutation(4, random).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(49.7);
  });
});

function counter(): () => number {
  let next = 0;
  return () => next++;
}
