// The smooth activations in float32: their distance from the oracle on fine ranges of x, and all widths.
//
// An ulp is the distance from a result to the next larger float32 in its binade. Results below 2^-100 are 0
// and are tested separately.
import { describe, expect, test } from 'vitest';
import { stream } from '#lockstep/foundation/random.js';
import type { Matrix, Range } from '#lockstep/foundation/shapes.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { placesOf } from '../support/kernel-space.ts';
import { randomPieces, Twins, u, widths } from '../support/twins.ts';

type Forward = (kernels: Kernels, x: Matrix, y: Matrix, rows: Range) => void;
type Backward = (kernels: Kernels, kept: Matrix, dy: Matrix, dx: Matrix, rows: Range) => void;

interface Activation {
  name: string;
  forward: Forward;
  backward: Backward;
  /** The argument of backward. */
  kept: 'x' | 'y';
  /** Forward is within this many ulps. */
  ulps: number;
  /** Backward is within this many 2^-24 of the result, or of its absolute terms if it is a difference. */
  roundings: number;
  terms?: (x: number, oracle: (x: number) => number) => number;
}

const elu = (alpha: number): Activation => ({
  name: `elu, alpha ${alpha}`,
  forward: (kernels, x, y, rows) => kernels.elu(x, y, alpha, rows),
  backward: (kernels, y, dy, dx, rows) => kernels.eluBackward(y, dy, dx, alpha, rows),
  kept: 'y',
  ulps: 2,
  roundings: 3,
});

const activations: readonly Activation[] = [
  // Numbers that float32 holds exactly, because the rounding of alpha is no error of the kernel.
  elu(1),
  elu(0.375),
  {
    name: 'sigmoid',
    forward: (kernels, x, y, rows) => kernels.sigmoid(x, y, rows),
    backward: (kernels, y, dy, dx, rows) => kernels.sigmoidBackward(y, dy, dx, rows),
    kept: 'y',
    ulps: 2.5,
    roundings: 4,
  },
  {
    name: 'tanh',
    forward: (kernels, x, y, rows) => kernels.tanh(x, y, rows),
    backward: (kernels, y, dy, dx, rows) => kernels.tanhBackward(y, dy, dx, rows),
    kept: 'y',
    ulps: 2,
    roundings: 5,
  },
  {
    name: 'silu',
    forward: (kernels, x, y, rows) => kernels.silu(x, y, rows),
    backward: (kernels, x, dy, dx, rows) => kernels.siluBackward(x, dy, dx, rows),
    kept: 'x',
    ulps: 3.5,
    roundings: 6,
    // s (1 + x (1 - s)) against s (1 + |x| (1 - s)), and 1 - s(x) is s(-x).
    terms: (x) => sigmoid(x) * (1 + Math.abs(x) * sigmoid(-x)),
  },
  {
    name: 'gelu',
    forward: (kernels, x, y, rows) => kernels.gelu(x, y, rows),
    backward: (kernels, x, dy, dx, rows) => kernels.geluBackward(x, dy, dx, rows),
    kept: 'x',
    ulps: 7,
    roundings: 9,
    // Phi + x phi against Phi + |x| phi.
    terms: (x, slope) => (x < 0 ? slope(x) - 2 * x * density(x) : slope(x)),
  },
];

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

const ulp = (y: number) => 2 ** (Math.floor(Math.log2(Math.abs(y))) - 23);
const smallest = 2 ** -100;

/** Ranges of x. In the first ones the result of each kernel is above 2^-100. */
const ranges = [
  [-0.01, 0.01],
  [-1, 1],
  [-5, 5],
  [-11.5, 0],
  [0, 20],
] as const;

const columns = 4096;
const line: Range = { first: 0, count: 1 };

describe.each(activations)('$name', ({ forward, backward, kept, ulps, roundings, terms }) => {
  const twins = new Twins('smooth activations', 60_000);
  const { fast, oracle } = twins;
  const [x, y, dy, dx] = [1, 2, 3, 4].map(() => twins.matrix(1, columns)) as [Matrix, Matrix, Matrix, Matrix];
  const both = (call: (kernels: Kernels) => void) => {
    for (const { kernels } of [fast, oracle]) call(kernels);
  };
  const draw = (matrix: Matrix, low: number, high: number, random = stream(1, 'smooth', low, high)) =>
    twins.set(placesOf(matrix, 1), () => Math.fround(low + (high - low) * random.uniform()));

  test(`forward is within ${ulps} ulp`, () => {
    let worst = 0;
    for (const [low, high] of ranges) {
      draw(x, low, high);
      both((kernels) => forward(kernels, x, y, line));
      for (const at of placesOf(y, 1)) {
        const expected = oracle.elements[at]!;
        const error = Math.abs(fast.elements[at]! - expected);
        if (error > 0) worst = Math.max(worst, error / ulp(expected));
        expect(fast.elements[at]).not.toBeNaN();
      }
    }
    expect(worst).toBeLessThan(ulps);
  });

  test(`the gradient is within ${roundings} * 2^-24 of ${terms ? 'its absolute terms' : 'itself'}`, () => {
    let worst = 0;
    for (const [low, high] of ranges) {
      draw(x, low, high);
      // Backward gets the same y in both memories.
      forward(fast.kernels, x, y, line);
      for (const at of placesOf(y, 1)) oracle.elements[at] = fast.elements[at]!;
      twins.set(placesOf(dy, 1), () => 1);
      both((kernels) => backward(kernels, kept === 'x' ? x : y, dy, dx, line));
      for (const [i, at] of placesOf(dx, 1).entries()) {
        const expected = oracle.elements[at]!;
        const size = terms ? terms(oracle.elements[x.offset + i]!, () => expected) : Math.abs(expected);
        const error = Math.abs(fast.elements[at]! - expected);
        // NaN is within no bound.
        if (error !== 0) worst = Math.max(worst, error / (u * size) || Number.POSITIVE_INFINITY);
      }
    }
    expect(worst).toBeLessThan(roundings);
  });

  test('below 2^-100 a result is 0, and where it is 0 the exact one is below 2^-93', () => {
    draw(x, -110, 0);
    both((kernels) => forward(kernels, x, y, line));
    twins.set(placesOf(dy, 1), () => 1);
    both((kernels) => backward(kernels, kept === 'x' ? x : y, dy, dx, line));
    for (const matrix of kept === 'x' ? [y, dx] : [y]) {
      for (const at of placesOf(matrix, 1)) {
        const found = Math.abs(fast.elements[at]!);
        expect(found === 0 || found >= smallest).toBe(true);
        expect(found > 0 || Math.abs(oracle.elements[at]!) < 2 ** -93).toBe(true);
      }
    }
    // A gradient that vanishes.
    twins.set(placesOf(dy, 1), () => 2 ** -95);
    draw(x, -12, 0);
    both((kernels) => forward(kernels, x, y, line));
    both((kernels) => backward(kernels, kept === 'x' ? x : y, dy, dx, line));
    for (const at of placesOf(dx, 1)) {
      const found = Math.abs(fast.elements[at]!);
      expect(found === 0 || found >= smallest).toBe(true);
    }
  });

  test('NaN goes on, forward and backward', () => {
    const { kernels, elements } = fast;
    twins.set(placesOf(x, 1), () => 1);
    twins.set(placesOf(dy, 1), () => 1);
    elements[x.offset + 5] = Number.NaN;
    elements[dy.offset + 6] = Number.NaN;
    forward(kernels, x, y, line);
    backward(kernels, kept === 'x' ? x : y, dy, dx, line);
    const found = (matrix: Matrix) =>
      placesOf(matrix, 1).flatMap((at, i) => (Number.isNaN(elements[at]) ? [i] : []));
    expect(found(y)).toEqual([5]);
    expect(found(dx)).toEqual([5, 6]);
  });

  test('far from 0 nothing overflows', () => {
    twins.set(placesOf(dy, 1), () => 1);
    for (const far of [100, 1e4, 1e10, 3e38, -100, -1e4, -1e10, -3e38]) {
      twins.set(placesOf(x, 1), () => Math.fround(far));
      both((kernels) => forward(kernels, x, y, line));
      both((kernels) => backward(kernels, kept === 'x' ? x : y, dy, dx, line));
      expect(fast.elements[y.offset]).toBeCloseTo(oracle.elements[y.offset]!, 6);
      expect(fast.elements[dx.offset]).toBeCloseTo(oracle.elements[dx.offset]!, 6);
    }
  });
});

describe.each(widths)('%i columns', (columns) => {
  const rows = 7;
  const all: Range = { first: 0, count: rows };
  const twins = new Twins('smooth widths', 50_000);

  test.each(activations)(
    '$name: any rows, in place where y suffices, and the padding stays zero',
    ({ forward, backward, kept }) => {
      twins.clear();
      const [x, y, dy, dx] = [1, 2, 3, 4].map(() => twins.matrix(rows, columns, 0.2)) as [
        Matrix,
        Matrix,
        Matrix,
        Matrix,
      ];
      const [yPlaces, dxPlaces] = [placesOf(y, rows), placesOf(dx, rows)];
      const before = kept === 'x' ? x : y;
      twins.untouched(() => forward(twins.fast.kernels, x, y, all), yPlaces);
      twins.untouched(() => backward(twins.fast.kernels, before, dy, dx, all), dxPlaces);
      const { elements } = twins.fast;
      const read = (places: number[]) => places.map((at) => elements[at]!);
      const [wholeY, wholeDx] = [read(yPlaces), read(dxPlaces)];
      for (const step of [1, 2, 3]) {
        const pieces = randomPieces(rows, step, twins.random);
        const found = twins.bits((kernels) => {
          for (const piece of pieces) forward(kernels, x, y, piece);
        }, yPlaces);
        expect(found).toEqual(wholeY);
        const gradients = twins.bits((kernels) => {
          for (const piece of pieces) backward(kernels, before, dy, dx, piece);
        }, dxPlaces);
        expect(gradients).toEqual(wholeDx);
      }
      if (kept === 'y') {
        twins.untouched(() => forward(twins.fast.kernels, x, x, all), placesOf(x, rows));
        expect(read(placesOf(x, rows))).toEqual(wholeY);
        twins.untouched(() => backward(twins.fast.kernels, x, dy, dy, all), placesOf(dy, rows));
        expect(read(placesOf(dy, rows))).toEqual(wholeDx);
      }
    },
  );
});
