// The products of wide layers: sums that are made in pieces, rows that lie far apart, and parts of W. Their
// bounds are those of products.test.ts.
import { describe, expect, test } from 'vitest';
import type { Block, Matrix, PanelMatrix, Range } from '#lockstep/foundation/shapes.js';
import { panelCount } from '#lockstep/foundation/shapes.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { numbersOperand } from '#lockstep/operands/operand.js';
import { placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { Twins } from '../support/twins.ts';

const twins = new Twins('wide products', 2_500_000, 1100, 64);
const all = (count: number): Range => ({ first: 0, count });

const formats = [
  { format: 'dense', affine: 'affine', transposed: 'transposed', outer: 'outer', width: 8, zeros: 0 },
  {
    format: 'rectified',
    affine: 'affineSparse',
    transposed: 'transposedSparse',
    outer: 'outerSparse',
    width: 32,
    zeros: 0.5,
  },
] as const;

/** Lengths of a sum: of one piece and of several, with and without a remainder, for each format. */
const lengths = [191, 193, 385, 768, 769, 1029, 1100];
/** Rows of one list and of several, and of whole tiles and not. */
const rowCounts = [5, 130];

describe.each(formats)('$format', ({ format, affine, transposed, outer, width, zeros }) => {
  test.each(lengths)('sums of %i products: x W + b and dy Wᵀ within the bound of their rounding', (n) => {
    for (const rows of rowCounts) {
      for (const others of [10, 40]) {
        twins.clear();
        const [x, y] = [twins.matrix(rows, n, zeros), twins.matrix(rows, others)];
        const [W, b] = [twins.panels(n, others, width), twins.vector(others)];
        twins.compare((kernels) => kernels[affine](x, W, b, y, all(rows)), placesOf(y, rows), n + 2);
        const V = twins.panels(others, n, width);
        twins.compare((kernels) => kernels[transposed](x, V, y, all(rows)), placesOf(y, rows), n + 2);
      }
    }
  });

  test('by rows and parts of the columns: the bits of the whole', () => {
    const [rows, inputs, units] = [37, 805, 71];
    const [x, y] = [twins.matrix(rows, inputs, zeros), twins.matrix(rows, units)];
    const [W, b] = [twins.panels(inputs, units, width), twins.vector(units)];
    const [dy, dx] = [twins.matrix(rows, units, zeros), twins.matrix(rows, inputs)];
    const bitsOf = (result: Matrix, call: (kernels: Kernels) => void) =>
      twins.bits(call, placesOf(result, rows));
    const operand = (kernels: Kernels) => numbersOperand(kernels, x, format);

    const whole = bitsOf(y, (kernels) => operand(kernels).affine(W, b, y, all(rows)));
    const parts = bitsOf(y, (kernels) => {
      const panels = panelCount(W);
      for (const some of [
        { first: 11, count: 26 },
        { first: 0, count: 11 },
      ]) {
        operand(kernels).affine(W, b, y, some, { first: 1, count: panels - 1 });
        operand(kernels).affine(W, b, y, some, { first: 0, count: 1 });
      }
    });
    expect(parts).toEqual(whole);

    const gradient = bitsOf(dx, (kernels) => operand(kernels).transposed(dy, W, dx, all(rows)));
    const columns = bitsOf(dx, (kernels) => {
      for (const some of [
        { first: 768, count: 37 },
        { first: 32, count: 736 },
        { first: 0, count: 32 },
      ]) {
        operand(kernels).transposed(dy, W, dx, { first: 20, count: 17 }, some);
        operand(kernels).transposed(dy, W, dx, all(20), some);
      }
    });
    expect(columns).toEqual(gradient);
  });

  test.each([false, true])('xᵀ dy of rows that lie far apart, added to what is there: %s', (add) => {
    for (const rows of [3, 130, 256]) {
      twins.clear();
      const [inputs, units] = [75, 700];
      const [x, dy] = [twins.matrix(rows, inputs, zeros), twins.matrix(rows, units)];
      const W = twins.panels(inputs, units, width);
      for (const panels of [undefined, { first: 2, count: 3 }, { first: panelCount(W) - 1, count: 1 }]) {
        const block: Block = { first: 32, count: 43, panels };
        const { size, places } = blockOf(W, block);
        const offset = twins.room(size);
        twins.set(vectorPlaces({ offset, length: size }), () => 0);
        const output = places.map((place) => offset + place);
        twins.set(output, () => 1);
        twins.compare(
          (kernels) => kernels[outer](x, dy, all(rows), W, block, { offset, add }),
          output,
          rows + 2,
        );
      }
    }
  });

  test('xᵀ dy of many rows of W, from copies, has the bits of few, from where they lie', () => {
    twins.clear();
    const [rows, inputs, units] = [64, 96, 600];
    const [x, dy] = [twins.matrix(rows, inputs, zeros), twins.matrix(rows, units)];
    const W = twins.panels(inputs, units, width);
    const offset = twins.room(panelCount(W) * inputs * width);
    const bitsOf = (block: Block) =>
      twins.bits(
        (kernels) => kernels[outer](x, dy, all(rows), W, block, { offset, add: false }),
        blockOf(W, block).places.map((place) => offset + place),
      );
    const whole = bitsOf(all(inputs));
    const few = Array.from({ length: inputs / 8 }, (_, i) => bitsOf({ first: 8 * i, count: 8 })).flat();
    expect(few).toEqual(whole);
  });
});

/** The size of a gradient block, and its places row by row, without the padding. */
function blockOf(W: PanelMatrix, { count, panels = all(panelCount(W)) }: Block) {
  const columns = Math.min(panels.count * W.width, W.columns - panels.first * W.width);
  const places = Array.from({ length: count * columns }, (_, i) => {
    const [k, j] = [Math.floor(i / columns), i % columns];
    return (Math.floor(j / W.width) * count + k) * W.width + (j % W.width);
  });
  return { size: panels.count * count * W.width, places };
}
