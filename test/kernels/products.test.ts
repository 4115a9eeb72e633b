// The products and sums of the fast kernels, compared with their oracle.
//
// A float32 sum of n products in any fixed order is within n 2^-24 / (1 - n 2^-24) of the exact one, relative
// to the sum of absolute products (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section
// 3.1): one rounding for each product and each addition. The titles give n + 2, which covers the rest.
import { describe, expect, test } from 'vitest';
import type { Matrix, PanelMatrix, Range, Vector } from '#lockstep/foundation/shapes.js';
import { panelCount } from '#lockstep/foundation/shapes.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { panelPlaces, placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { randomPieces, shapesOf, Twins, widths } from '../support/twins.ts';

const twins = new Twins('products', 400_000);

const all = (count: number): Range => ({ first: 0, count });

/** The places of the gradient block of a weight matrix, row-major. */
function blockPlaces(g: number, W: PanelMatrix, block: Range): number[] {
  const { columns, width } = W;
  return Array.from({ length: block.count * columns }, (_, i) => {
    const [k, j] = [Math.floor(i / columns), i % columns];
    return g + (Math.floor(j / width) * block.count + k) * width + (j % width);
  });
}

/** Places a gradient block, zero in its padding. */
function blockRoom(W: PanelMatrix, block: Range): number {
  const size = panelCount(W) * block.count * W.width;
  const g = twins.room(size);
  twins.set(vectorPlaces({ offset: g, length: size }), () => 0);
  twins.set(blockPlaces(g, W, block), () => 1);
  return g;
}

/** Sets the first row to zeros, and the last column, next to the padding, to nonzero numbers. */
function extremes(x: Matrix, rows: number): void {
  const places = placesOf(x, rows);
  twins.set(places.slice(0, x.columns), () => 0);
  twins.set(
    places.filter((_, i) => i % x.columns === x.columns - 1),
    () => 1.5,
  );
}

/** Each product, for x without zeros and for x with mostly zeros. */
const variants = [
  { affine: 'affine', outer: 'outer', width: 8, zeros: 0 },
  { affine: 'affine', outer: 'outer', width: 8, zeros: 0.8 },
  { affine: 'affineSparse', outer: 'outerSparse', width: 32, zeros: 0 },
  { affine: 'affineSparse', outer: 'outerSparse', width: 32, zeros: 0.8 },
] as const;

describe.each(variants)('$affine, $zeros of x zero', ({ affine, width, zeros }) => {
  test.each(widths)('%i inputs: within (inputs + 2) 2^-24 of the sum of absolute terms', (inputs) => {
    for (const { second: units, rows } of shapesOf(inputs)) {
      twins.clear();
      const x = twins.matrix(rows, inputs, zeros);
      const [W, b] = [twins.panels(inputs, units, width), twins.vector(units)];
      const y = twins.matrix(rows, units);
      if (zeros > 0) extremes(x, rows);
      twins.compare((kernels) => kernels[affine](x, W, b, y, all(rows)), placesOf(y, rows), inputs + 2);
    }
  });
});

describe.each(variants)('$outer, $zeros of x zero', ({ outer, width, zeros }) => {
  test.each(widths)('%i inputs: within (rows + 2) 2^-24 of the sum of absolute products', (inputs) => {
    for (const { second: units, rows } of shapesOf(inputs)) {
      twins.clear();
      const x = twins.matrix(rows, inputs, zeros);
      const dy = twins.matrix(rows, units);
      const W = twins.panels(inputs, units, width);
      const g = { offset: blockRoom(W, all(inputs)), add: (rows + units) % 2 === 0 };
      if (zeros > 0) extremes(x, rows);
      twins.compare(
        (kernels) => kernels[outer](x, dy, all(rows), W, all(inputs), g),
        blockPlaces(g.offset, W, all(inputs)),
        rows + 2,
      );
    }
  });
});

test('outerSparse keeps to the scratch of a block, whatever lies beside the block', () => {
  const narrow = new Twins('scratch', 40_000, 64, 8);
  const [x, dy] = [narrow.matrix(256, 64), narrow.matrix(256, 10)];
  const W = narrow.panels(64, 10, 32);
  const g = { offset: narrow.room(8 * 32), add: false };
  narrow.set(vectorPlaces({ offset: g.offset, length: 8 * 32 }), () => 0);
  const block = { first: 16, count: 8 };
  const output = blockPlaces(g.offset, W, block);
  narrow.compare((kernels) => kernels.outerSparse(x, dy, all(256), W, block, g), output, 258);
});

const transposedVariants = [
  { transposed: 'transposed', width: 8, zeros: 0.3 },
  { transposed: 'transposedSparse', width: 32, zeros: 0 },
  { transposed: 'transposedSparse', width: 32, zeros: 0.5 },
] as const;

describe.each(transposedVariants)('$transposed, $zeros of dy zero', ({ transposed, width, zeros }) => {
  test.each([...widths, 11, 16, 17])(
    '%i units: within (units + 2) 2^-24 of the sum of absolute products',
    (units) => {
      for (const { second: inputs, rows } of shapesOf(units)) {
        twins.clear();
        const [dy, dx] = [twins.matrix(rows, units, zeros), twins.matrix(rows, inputs)];
        const W = twins.panels(inputs, units, width);
        if (zeros > 0) extremes(dy, rows);
        twins.compare((kernels) => kernels[transposed](dy, W, dx, all(rows)), placesOf(dx, rows), units + 2);
      }
    },
  );
});

describe('columnSums', () => {
  test.each(widths)('%i units: within (rows + 2) 2^-24 of the sum of absolute terms', (units) => {
    for (const rows of [1, 2, 3, 4, 5, 7, 13, 64, 256]) {
      for (const add of [false, true]) {
        for (let first = 0; first < units; first += 24) {
          twins.clear();
          const dy = twins.matrix(rows, units, 0.3);
          const block = { first, count: Math.min(24, units - first) };
          const g = twins.vector(block.count);
          twins.compare(
            (kernels) => kernels.columnSums(dy, all(rows), block, { offset: g.offset, add }),
            vectorPlaces(g),
            rows + 2,
          );
        }
      }
    }
  });
});

describe('the bits do not depend on the partition', () => {
  const shapes = [
    { rows: 13, inputs: 37, units: 33 },
    { rows: 64, inputs: 127, units: 10 },
    { rows: 7, inputs: 257, units: 64 },
    { rows: 31, inputs: 8, units: 257 },
  ];

  /** The bits of an output written by blocks of rows, each for some random partitions. */
  function byRows(rows: number, output: number[], call: (kernels: Kernels, rows: Range) => void): void {
    const whole = twins.bits((kernels) => call(kernels, all(rows)), output);
    for (let repeat = 0; repeat < 4; repeat++) {
      const pieces = randomPieces(rows, repeat === 0 ? rows : repeat, twins.random);
      const found = twins.bits((kernels) => {
        for (const piece of pieces) call(kernels, piece);
      }, output);
      expect(found).toEqual(whole);
    }
  }

  test.each(shapes)(
    '$rows rows of $inputs inputs and $units units, by blocks of rows',
    ({ rows, inputs, units }) => {
      for (const { affine, width, zeros } of variants) {
        twins.clear();
        const x = twins.matrix(rows, inputs, zeros);
        const [W, b] = [twins.panels(inputs, units, width), twins.vector(units)];
        const y = twins.matrix(rows, units);
        byRows(rows, placesOf(y, rows), (kernels, piece) => kernels[affine](x, W, b, y, piece));
      }
      for (const { transposed, width, zeros } of transposedVariants) {
        twins.clear();
        const [dy, dx] = [twins.matrix(rows, units, zeros), twins.matrix(rows, inputs)];
        const W = twins.panels(inputs, units, width);
        byRows(rows, placesOf(dx, rows), (kernels, piece) => kernels[transposed](dy, W, dx, piece));
      }
    },
  );

  test.each(shapes)(
    '$rows rows of $inputs inputs and $units units, by blocks of W',
    ({ rows, inputs, units }) => {
      for (const { outer, width, zeros } of variants) {
        twins.clear();
        const [x, dy] = [twins.matrix(rows, inputs, zeros), twins.matrix(rows, units)];
        const W = twins.panels(inputs, units, width);
        const g = { offset: blockRoom(W, all(inputs)), add: false };
        const part = (block: Range) =>
          twins.bits(
            (kernels) => kernels[outer](x, dy, all(rows), W, block, g),
            blockPlaces(g.offset, W, block),
          );
        const whole = part(all(inputs));
        for (const step of [2, 8, 16]) {
          for (const block of randomPieces(inputs, step, twins.random)) {
            const expected = whole.slice(block.first * units, (block.first + block.count) * units);
            expect(part(block)).toEqual(expected);
          }
        }
      }
    },
  );

  test.each(shapes)('$rows rows of $units units, by blocks of b', ({ rows, units }) => {
    twins.clear();
    const dy = twins.matrix(rows, units);
    const g: Vector = twins.vector(units);
    const part = (block: Range) =>
      twins.bits(
        (kernels) => kernels.columnSums(dy, all(rows), block, { offset: g.offset, add: false }),
        vectorPlaces({ offset: g.offset, length: block.count }),
      );
    const whole = part(all(units));
    for (const block of randomPieces(units, 8, twins.random)) {
      expect(part(block)).toEqual(whole.slice(block.first, block.first + block.count));
    }
  });

  test.each([1, 2])(
    'a last panel with %i units: the bits of a whole one, and zeros in the rest of it',
    (few) => {
      twins.clear();
      const [rows, inputs] = [24, 16];
      const [x, dy, y] = [twins.matrix(rows, inputs), twins.matrix(rows, 16), twins.matrix(rows, 16)];
      const [W, b, g] = [twins.panels(inputs, 16, 8), twins.vector(16), twins.panels(inputs, 16, 8)];
      const block = { offset: g.offset, add: false };
      const [inWhole, inNarrow] = [W, { ...W, columns: 8 + few }].map((matrix) => [
        ...twins.bits((kernels) => kernels.affine(x, matrix, b, y, all(rows)), placesOf(y, rows)),
        ...twins.bits(
          (kernels) => kernels.outer(x, dy, all(rows), matrix, all(inputs), block),
          panelPlaces(g),
        ),
      ]);
      for (const [i, value] of inWhole!.entries()) {
        if (i % 16 < 8 + few) expect(inNarrow![i]).toBe(value);
        if (i % 16 >= 10) expect(inNarrow![i]).toBe(0);
      }
    },
  );

  test('a zero that is skipped changes no bit: sparse and dense kernels agree', () => {
    // Lists in several pieces of x and of dy, and the longest of the short sums of dx.
    const others = [
      { rows: 40, inputs: 500, units: 130 },
      { rows: 40, inputs: 33, units: 500 },
      { rows: 9, inputs: 40, units: 16 },
    ];
    for (const { rows, inputs, units } of [...shapes, ...others]) {
      const outputs = ([8, 32] as number[]).map((width) => {
        const same = new Twins('agree', 400_000, 500, 500);
        const [x, dy] = [same.matrix(rows, inputs, 0.8), same.matrix(rows, units, 0.5)];
        const [W, b] = [same.panels(inputs, units, width), same.vector(units)];
        const [y, dx] = [same.matrix(rows, units), same.matrix(rows, inputs)];
        const block = all(inputs);
        const g = { offset: same.room(panelCount(W) * inputs * width), add: true };
        same.set(vectorPlaces({ offset: g.offset, length: panelCount(W) * inputs * width }), () => 1);
        const { kernels } = same.fast;
        const [affine, transposed, outer] =
          width === 32
            ? [kernels.affineSparse, kernels.transposedSparse, kernels.outerSparse]
            : [kernels.affine, kernels.transposed, kernels.outer];
        return [
          same.bits(() => affine(x, W, b, y, all(rows)), placesOf(y, rows)),
          same.bits(() => transposed(dy, W, dx, all(rows)), placesOf(dx, rows)),
          same.bits(() => outer(x, dy, all(rows), W, block, g), blockPlaces(g.offset, W, block)),
        ];
      });
      expect(outputs[1]).toEqual(outputs[0]);
    }
  });
});
