// Normalisation of columns, compared with its oracle.
import { describe, expect, test } from 'vitest';
import { stream } from '#lockstep/foundation/random.js';
import { type Matrix, type Range, roundUp, type Vector } from '#lockstep/foundation/shapes.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { randomPieces, Twins, u, widths } from '../support/twins.ts';

const twins = new Twins('normalization', 800_000);

/** Numbers with a mean of 3. If the variance were computed from the mean of squares, it would lose digits. */
function matrix(rows: number, columns: number): Matrix {
  const made = twins.matrix(rows, columns);
  const random = stream(1, 'around 3', rows, columns);
  twins.set(placesOf(made, rows), () => Math.fround(3 + random.normal()));
  return made;
}

function vectors(columns: number, count: number): Vector[] {
  return Array.from({ length: count }, () => twins.vector(columns));
}

/** Places of whole vectors of four, in which features are processed. */
function places(of: readonly Vector[]): number[] {
  return of.flatMap(({ offset, length }) => vectorPlaces({ offset, length: roundUp(length, 4) }));
}

const shapes = [...widths.map((columns) => [columns, 13]), [5, 1], [5, 2], [19, 256], [19, 257], [19, 700]];

describe.each(shapes as [number, number][])('%i columns of %i rows', (columns, rows) => {
  const allRows: Range = { first: 0, count: rows };
  const features: Range = { first: 0, count: columns };
  const cut = Math.min(rows, 256) + Math.ceil(rows / 256);

  test('all are within 4 (rows of a cut + cuts + 8) * 2^-24 of the largest', () => {
    twins.clear();
    const [x, y, dy, dx] = [0, 0, 0, 0].map(() => matrix(rows, columns)) as [Matrix, Matrix, Matrix, Matrix];
    const [mean, variance, dgamma, dbeta, gamma, beta] = vectors(columns, 6) as [
      Vector,
      Vector,
      Vector,
      Vector,
      Vector,
      Vector,
    ];
    // A large epsilon, so that the bound need not consider how small the variance of few rows can be.
    const by = { mean, variance, epsilon: 0.25 };
    const bound = 4 * (cut + 8) * u;
    twins.within(places([mean, variance]), bound, (kernels) =>
      kernels.moments(x, allRows, features, mean, variance),
    );
    twins.share(places([mean, variance]));
    twins.within(placesOf(y, rows), bound, (kernels) => kernels.normalize(x, by, gamma, beta, y, allRows));
    twins.within(places([dgamma, dbeta]), bound, (kernels) =>
      kernels.normalizeSums(x, dy, by, allRows, features, dgamma, dbeta),
    );
    twins.share(places([dgamma, dbeta]));
    twins.within(placesOf(dx, rows), bound, (kernels) =>
      kernels.normalizeBackward(x, dy, by, gamma, dgamma, dbeta, dx, allRows, rows),
    );
    twins.within(places([mean]), bound, (kernels) =>
      kernels.movingAverage(mean, variance, features, 0.1, 1.5),
    );
  });

  test('so are the sums of a cut, and what is made of totals', () => {
    twins.clear();
    const [x, dy] = [0, 0].map(() => matrix(rows, columns)) as [Matrix, Matrix];
    const [mean, variance, to, made] = vectors(columns, 4) as [Vector, Vector, Vector, Vector];
    const some = { first: 0, count: Math.min(rows, 256) };
    const bound = 4 * (cut + 8) * u;
    twins.within(places([to]), bound, (kernels) =>
      kernels.centredSquares(x, mean, some, features, to.offset),
    );
    twins.within(places([to]), bound, (kernels) =>
      kernels.centredProducts(x, dy, mean, some, features, to.offset),
    );
    twins.share(places([to]));
    twins.within(places([made]), bound, (kernels) => kernels.divideTotals(to.offset, features, rows, made));
    twins.set(vectorPlaces(variance), () => 0.75);
    twins.within(places([made]), bound, (kernels) =>
      kernels.scaleTotals(to.offset, { mean, variance, epsilon: 0.25 }, features, made),
    );
  });

  test('blocks of features and rows can be of any size, and done in any order', () => {
    twins.clear();
    const [x, y, dy] = [0, 0, 0].map(() => matrix(rows, columns)) as [Matrix, Matrix, Matrix];
    const [mean, variance, gamma, beta] = vectors(columns, 4) as [Vector, Vector, Vector, Vector];
    const by = { mean, variance, epsilon: 1e-5 };
    const cases: [number[], count: number, step: number, (kernels: Kernels, piece: Range) => void][] = [
      [
        vectorPlaces(mean).concat(vectorPlaces(variance)),
        columns,
        4,
        (kernels, piece) => kernels.moments(x, allRows, piece, mean, variance),
      ],
      [placesOf(y, rows), rows, 1, (kernels, piece) => kernels.normalize(x, by, gamma, beta, y, piece)],
      [
        vectorPlaces(gamma).concat(vectorPlaces(beta)),
        columns,
        4,
        (kernels, piece) => kernels.normalizeSums(x, dy, by, allRows, piece, gamma, beta),
      ],
      [
        placesOf(y, rows),
        rows,
        1,
        (kernels, piece) => kernels.normalizeBackward(x, dy, by, mean, gamma, beta, y, piece, rows),
      ],
    ];
    for (const [output, count, step, call] of cases) {
      const whole = twins.bits((kernels) => call(kernels, { first: 0, count }), output);
      const pieces = randomPieces(count, step, twins.random);
      const found = twins.bits((kernels) => {
        for (const piece of pieces) call(kernels, piece);
      }, output);
      expect(found).toEqual(whole);
    }
  });
});

test('a column that is constant has variance 0, whatever its size', () => {
  twins.clear();
  const x = twins.matrix(64, 5);
  twins.set(placesOf(x, 64), () => 12345.5);
  const [mean, variance] = vectors(5, 2) as [Vector, Vector];
  twins.fast.kernels.moments(x, { first: 0, count: 64 }, { first: 0, count: 5 }, mean, variance);
  for (const at of vectorPlaces(mean)) expect(twins.fast.elements[at]).toBe(12345.5);
  for (const at of vectorPlaces(variance)) expect(twins.fast.elements[at]).toBe(0);
});
