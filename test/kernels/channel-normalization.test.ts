// Normalisation of channels over rows and places, compared with its oracle; normalization.test.ts for images.
import { describe, expect, test } from 'vitest';
import { stream } from '#lockstep/foundation/random.js';
import { type Matrix, type Range, roundUp, type Vector } from '#lockstep/foundation/shapes.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { randomPieces, Twins, u } from '../support/twins.ts';

const twins = new Twins('channel normalization', 600_000);

/** Numbers with a mean of 3. If the variance were computed from the mean of squares, it would lose digits. */
function matrix(rows: number, columns: number): Matrix {
  const made = twins.matrix(rows, columns);
  const random = stream(1, 'around 3', rows, columns);
  twins.set(placesOf(made, rows), () => Math.fround(3 + random.normal()));
  return made;
}

/** Places of whole vectors of four, in which features are processed. */
function places(of: readonly Vector[]): number[] {
  return of.flatMap(({ offset, length }) => vectorPlaces({ offset, length: roundUp(length, 4) }));
}

/** Vectors, zero in their padding. */
function vectors(channels: number, count: number): Vector[] {
  return Array.from({ length: count }, () => {
    const { offset } = twins.vector(roundUp(channels, 4));
    twins.set(vectorPlaces({ offset, length: roundUp(channels, 4) }).slice(channels), () => 0);
    return { offset, length: channels };
  });
}

const shapes = [
  [1, 9, 5],
  [2, 4, 5],
  [3, 6, 7],
  [5, 7, 3],
  [6, 25, 3],
  [8, 6, 13],
  [16, 9, 4],
  [19, 5, 6],
  [33, 4, 5],
  [37, 2, 300],
  [64, 49, 2],
] as [channels: number, places: number, rows: number][];

describe.each(shapes)('%i channels, %i places, %i rows', (channels, count, rows) => {
  const allRows: Range = { first: 0, count: rows };
  const features: Range = { first: 0, count: channels };
  const columns = channels * count;

  test('all are within 4 (places + rows of a cut + cuts + 8) * 2^-24 of the largest', () => {
    twins.clear();
    const [x, y, dy, dx] = [0, 0, 0, 0].map(() => matrix(rows, columns)) as [Matrix, Matrix, Matrix, Matrix];
    const [mean, variance, dgamma, dbeta, gamma, beta] = vectors(channels, 6) as [
      Vector,
      Vector,
      Vector,
      Vector,
      Vector,
      Vector,
    ];
    const by = { mean, variance, epsilon: 0.25 };
    const bound = 4 * (count + Math.min(rows, 256) + Math.ceil(rows / 256) + 8) * u;
    twins.within(places([mean, variance]), bound, (kernels) =>
      kernels.moments(x, allRows, features, mean, variance),
    );
    twins.share(places([mean, variance]));
    twins.within(placesOf(y, rows), bound, (kernels) => kernels.normalize(x, by, gamma, beta, y, allRows));
    twins.within(places([dgamma, dbeta]), bound, (kernels) =>
      kernels.normalizeSums(x, dy, by, allRows, features, dgamma, dbeta),
    );
    twins.share(places([dgamma, dbeta]));
    const numbers = rows * count;
    twins.within(placesOf(dx, rows), bound, (kernels) =>
      kernels.normalizeBackward(x, dy, by, gamma, dgamma, dbeta, dx, allRows, numbers),
    );
    // In place.
    twins.within(placesOf(dy, rows), bound, (kernels) =>
      kernels.normalizeBackward(x, dy, by, gamma, dgamma, dbeta, dy, allRows, numbers),
    );
    twins.within(placesOf(x, rows), bound, (kernels) => kernels.normalize(x, by, gamma, beta, x, allRows));
  });

  test('blocks of features and rows can be of any size, and done in any order', () => {
    twins.clear();
    const [x, y, dy] = [0, 0, 0].map(() => matrix(rows, columns)) as [Matrix, Matrix, Matrix];
    const [mean, variance, gamma, beta] = vectors(channels, 4) as [Vector, Vector, Vector, Vector];
    const by = { mean, variance, epsilon: 1e-5 };
    const positive = () => 0.5 + twins.random.uniform();
    const cases: [number[], count: number, step: number, (kernels: Kernels, piece: Range) => void][] = [
      [
        vectorPlaces(mean).concat(vectorPlaces(variance)),
        channels,
        4,
        (kernels, piece) => kernels.moments(x, allRows, piece, mean, variance),
      ],
      [placesOf(y, rows), rows, 1, (kernels, piece) => kernels.normalize(x, by, gamma, beta, y, piece)],
      [
        vectorPlaces(gamma).concat(vectorPlaces(beta)),
        channels,
        4,
        (kernels, piece) => kernels.normalizeSums(x, dy, by, allRows, piece, gamma, beta),
      ],
      [
        placesOf(y, rows),
        rows,
        1,
        (kernels, piece) => kernels.normalizeBackward(x, dy, by, mean, gamma, beta, y, piece, rows * count),
      ],
    ];
    for (const [output, all, step, call] of cases) {
      twins.set(vectorPlaces(variance), positive);
      const whole = twins.bits((kernels) => call(kernels, { first: 0, count: all }), output);
      const pieces = randomPieces(all, step, twins.random);
      const found = twins.bits((kernels) => {
        for (const piece of pieces) call(kernels, piece);
      }, output);
      expect(found).toEqual(whole);
    }
  });
});
