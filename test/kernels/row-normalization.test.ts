// Normalisation of rows, compared with its oracle.
import { describe, expect, test } from 'vitest';
import { stream } from '#lockstep/foundation/random.js';
import { type Matrix, type Range, roundUp, type Vector } from '#lockstep/foundation/shapes.js';
import type { GradientBlock, Kernels } from '#lockstep/kernels/kernels.js';
import { placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { randomPieces, Twins, u, widths } from '../support/twins.ts';

const twins = new Twins('row normalization', 800_000);

/** Numbers with a mean of 3. If the variance were computed from the mean of squares, it would lose digits. */
function matrix(rows: number, columns: number): Matrix {
  const made = twins.matrix(rows, columns);
  const random = stream(1, 'around 3', rows, columns);
  twins.set(placesOf(made, rows), () => Math.fround(3 + random.normal()));
  return made;
}

/** Whole vectors of four, with the padding, which must be written as zero. */
function padded({ offset, columns, stride }: Matrix, rows: number): number[] {
  const whole = roundUp(columns, 4);
  return Array.from(
    { length: rows * whole },
    (_, i) => offset + Math.floor(i / whole) * stride + (i % whole),
  );
}

// Also around 16, because a row's sum has 16 parts.
const columnCounts = [...widths, 15, 16, 17, 48].sort((a, b) => a - b);
const shapes = [...columnCounts.map((columns) => [columns, 7]), [19, 1], [19, 256], [784, 3]];

describe.each(shapes as [number, number][])('%i columns of %i rows', (columns, rows) => {
  const allRows: Range = { first: 0, count: rows };
  // A large epsilon, so that the bound need not consider how small the variance of few columns can be.
  const epsilon = 0.25;

  test('within 4 (columns / 16 + 12) * 2^-24 of the largest, sums within 4 rows * 2^-24 more', () => {
    twins.clear();
    const [x, y, dy, dx] = [0, 0, 0, 0].map(() => matrix(rows, columns)) as [Matrix, Matrix, Matrix, Matrix];
    const [gamma, beta] = [0, 0].map(() => twins.vector(columns)) as [Vector, Vector];
    const bound = 4 * (columns / 16 + 12) * u;
    twins.within(placesOf(y, rows), bound, (kernels) =>
      kernels.normalizeRows(x, epsilon, gamma, beta, y, allRows),
    );
    twins.within(placesOf(dx, rows), bound, (kernels) =>
      kernels.normalizeRowsBackward(x, dy, epsilon, gamma, dx, allRows),
    );
    const g = twins.room(roundUp(columns, 4));
    const block = { first: 0, count: columns };
    for (const add of [false, true]) {
      twins.within(
        vectorPlaces({ offset: g, length: roundUp(columns, 4) }),
        bound + 4 * rows * u,
        (kernels) => kernels.normalizeRowsSums(x, dy, epsilon, allRows, block, { offset: g, add }),
      );
    }
  });

  test('rows in any order and in place, and columns of a gradient in any blocks, give the same bits', () => {
    twins.clear();
    const [x, y, dy] = [0, 0, 0].map(() => matrix(rows, columns)) as [Matrix, Matrix, Matrix];
    const [gamma, beta] = [0, 0].map(() => twins.vector(columns)) as [Vector, Vector];
    const byRows: ((kernels: Kernels, piece: Range) => void)[] = [
      (kernels, piece) => kernels.normalizeRows(x, epsilon, gamma, beta, y, piece),
      (kernels, piece) => kernels.normalizeRowsBackward(x, dy, epsilon, gamma, y, piece),
    ];
    for (const call of byRows) {
      const whole = twins.bits((kernels) => call(kernels, allRows), placesOf(y, rows));
      const pieces = randomPieces(rows, 1, twins.random);
      const found = twins.bits(
        (kernels) => {
          for (const piece of pieces) call(kernels, piece);
        },
        placesOf(y, rows),
      );
      expect(found).toEqual(whole);
    }

    const apart = placesOf(y, rows).map((at) => twins.fast.elements[at]!);
    twins.fast.kernels.normalizeRowsBackward(x, dy, epsilon, gamma, dy, allRows);
    expect(placesOf(dy, rows).map((at) => twins.fast.elements[at]!)).toEqual(apart);

    const g = twins.room(roundUp(columns, 8));
    const sums = (kernels: Kernels, block: Range, at: number) => {
      const to: GradientBlock = { offset: at, add: false };
      kernels.normalizeRowsSums(x, dy, epsilon, allRows, block, to);
    };
    const places = vectorPlaces({ offset: g, length: columns });
    const whole = twins.bits((kernels) => sums(kernels, { first: 0, count: columns }, g), places);
    const found = twins.bits((kernels) => {
      for (const piece of randomPieces(columns, 8, twins.random)) sums(kernels, piece, g + piece.first);
    }, places);
    expect(found).toEqual(whole);
  });

  test('padding is zero afterwards, also of a row that is no number', () => {
    twins.clear();
    const [x, y, dy] = [0, 0, 0].map(() => matrix(rows, columns)) as [Matrix, Matrix, Matrix];
    const [gamma, beta] = [0, 0].map(() => twins.vector(columns)) as [Vector, Vector];
    const values = new Set(placesOf(y, rows));
    const padding = padded(y, rows).filter((at) => !values.has(at));
    for (const first of [1, Number.NaN]) {
      twins.fast.elements[x.offset] = first;
      twins.fast.kernels.normalizeRows(x, epsilon, gamma, beta, y, allRows);
      expect(padding.filter((at) => twins.fast.elements[at] !== 0)).toEqual([]);
      twins.fast.kernels.normalizeRowsBackward(x, dy, epsilon, gamma, y, allRows);
      expect(padding.filter((at) => twins.fast.elements[at] !== 0)).toEqual([]);
    }
  });
});

test('a row of equal numbers becomes beta, and a single column too', () => {
  twins.clear();
  const x = twins.matrix(5, 24);
  const y = twins.matrix(5, 24);
  const [gamma, beta] = [0, 0].map(() => twins.vector(24)) as [Vector, Vector];
  twins.set(placesOf(x, 5), () => 12345.5);
  twins.fast.kernels.normalizeRows(x, 1e-5, gamma, beta, y, { first: 0, count: 5 });
  for (const [i, at] of placesOf(y, 5).entries()) {
    expect(twins.fast.elements[at]).toBe(twins.fast.elements[beta.offset + (i % 24)]);
  }
  const one = twins.matrix(5, 1);
  twins.fast.kernels.normalizeRows(one, 1e-5, gamma, beta, one, { first: 0, count: 5 });
  for (const at of placesOf(one, 5)) expect(twins.fast.elements[at]).toBe(twins.fast.elements[beta.offset]);
});
