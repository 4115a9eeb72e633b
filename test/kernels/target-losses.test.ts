// The losses that compare outputs with numbers, and the class weights, compared with their oracle.
//
// In units of 2^-24: z - t takes 1 rounding, a square twice that and 1 more, a linear part of huber 2 and 2
// more; the sum of a row takes outputs / 4 + 2, the division by their number 1.
import { describe, expect, test } from 'vitest';
import type { Matrix, Range, Vector } from '#lockstep/foundation/shapes.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { backendNames, kernelSpace, placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { randomPieces, Twins, u, widths } from '../support/twins.ts';

type Call = (kernels: Kernels, z: Matrix, dz: Matrix, target: Matrix, loss: Vector, rows: Range) => void;

interface Kind {
  name: string;
  call: Call;
  /** Targets are 0 and 1, z are logits. */
  flags?: boolean;
  /** Roundings of one output's loss, and of its gradient. */
  loss: number;
  gradient: number;
}

const huber = (delta: number): Kind => ({
  name: `huberError, delta ${delta}`,
  call: (kernels, z, dz, target, loss, rows) => kernels.huberError(z, dz, target, loss, rows, delta),
  loss: 4,
  gradient: 2,
});

const kinds: readonly Kind[] = [
  {
    name: 'squaredError',
    call: (kernels, z, dz, target, loss, rows) => kernels.squaredError(z, dz, target, loss, rows),
    loss: 3,
    gradient: 2,
  },
  {
    name: 'absoluteError',
    call: (kernels, z, dz, target, loss, rows) => kernels.absoluteError(z, dz, target, loss, rows),
    loss: 1,
    gradient: 1,
  },
  // Numbers that float32 holds exactly, because the rounding of delta is no error of the kernel.
  huber(1),
  huber(0.375),
  {
    name: 'binaryCrossEntropy',
    call: (kernels, z, dz, target, loss, rows) => kernels.binaryCrossEntropy(z, dz, target, loss, rows),
    flags: true,
    loss: 5,
    gradient: 6,
  },
];

const rows = 7;
const allRows: Range = { first: 0, count: rows };
const twins = new Twins('target losses', 100_000);

/** z and targets, some of them equal; places of all results. */
function setUp({ flags = false, call }: Kind, outputs: number, scale: number) {
  twins.clear();
  const [z, dz, target] = [0, 0, 0].map(() => twins.matrix(rows, outputs)) as [Matrix, Matrix, Matrix];
  const loss = twins.vector(rows);
  twins.set(placesOf(z, rows), () => Math.fround(scale * twins.random.normal()));
  twins.set(placesOf(target, rows), () =>
    flags ? twins.random.below(2) : Math.fround(scale * twins.random.normal()),
  );
  if (!flags) {
    const equal = placesOf(target, rows).filter((_, i) => i % 5 === 0);
    const values = equal.map((at) => twins.oracle.elements[z.offset + at - target.offset]!);
    twins.set(equal, () => values.shift()!);
  }
  return {
    ...{ z, dz, target, loss },
    output: [...placesOf(dz, rows), ...vectorPlaces(loss)],
    run: (kernels: Kernels, range: Range = allRows) => call(kernels, z, dz, target, loss, range),
  };
}

describe.each(kinds)('$name', (kind) => {
  describe.each(widths)('%i outputs', (outputs) => {
    test.each([1e-3, 1, 12])('of size %d: within the bound of its roundings, padding zero', (scale) => {
      const { dz, loss, run } = setUp(kind, outputs, scale);
      const [gradients, losses] = [placesOf(dz, rows), vectorPlaces(loss)];
      twins.untouched(() => {
        for (const { kernels } of [twins.fast, twins.oracle]) run(kernels);
      }, [...gradients, ...losses]);
      const worst = (places: number[]) =>
        Math.max(
          ...places.map((at) => {
            const expected = twins.oracle.elements[at]!;
            const error = Math.abs(twins.fast.elements[at]! - expected);
            // NaN is within no bound.
            return error === 0 ? 0 : error / (u * Math.abs(expected)) || Number.POSITIVE_INFINITY;
          }),
        );
      expect(worst(gradients), 'gradient').toBeLessThanOrEqual(kind.gradient);
      expect(worst(losses), 'loss').toBeLessThanOrEqual(kind.loss + outputs / 4 + 3);
    });

    test('the bits do not depend on the blocks of rows', () => {
      const { output, run } = setUp(kind, outputs, 2);
      const whole = twins.bits(run, output);
      for (const step of [1, 2, 3]) {
        const pieces = randomPieces(rows, step, twins.random);
        const found = twins.bits((kernels) => {
          for (const piece of pieces) run(kernels, piece);
        }, output);
        expect(found).toEqual(whole);
      }
    });

    test('what lies in the padding of z and target does not matter, and that of dz becomes zero', () => {
      const { z, dz, target, output, run } = setUp(kind, outputs, 2);
      const whole = twins.bits(run, output);
      const padding = (matrix: Matrix) =>
        placesOf({ ...matrix, columns: 4 * Math.ceil(outputs / 4) }, rows).filter(
          (at) => (at - matrix.offset) % matrix.stride >= outputs,
        );
      twins.set([...padding(z), ...padding(target)], () => Number.NaN);
      twins.set(padding(dz), () => 5);
      expect(twins.bits(run, output)).toEqual(whole);
      for (const at of padding(dz)) expect(twins.fast.elements[at]).toBe(0);
    });

    test('class weights multiply loss and gradient by the weight of the class, within 2^-24', () => {
      const { dz, loss, output, run } = setUp(kind, outputs, 2);
      const classes = 5;
      const [label, weights] = [twins.vector(rows), twins.vector(classes)];
      twins.set(vectorPlaces(label), () => twins.random.below(classes));
      twins.set(vectorPlaces(weights), () => Math.fround(twins.random.uniform()));
      twins.set([weights.offset + 2], () => 0);
      run(twins.oracle.kernels);
      twins.share(output);
      const before = output.map((at) => twins.fast.elements[at]!);
      const restore = () => twins.set(output, () => before[at++ % before.length]!);
      let at = 0;
      twins.compare(({ weigh }) => weigh(dz, loss, label, weights, allRows), output, 1, 'result');
      const whole = output.map((place) => twins.fast.elements[place]!);
      for (const step of [1, 2, 3]) {
        restore();
        for (const piece of randomPieces(rows, step, twins.random))
          twins.fast.kernels.weigh(dz, loss, label, weights, piece);
        expect(output.map((place) => twins.fast.elements[place]!)).toEqual(whole);
      }
    });
  });

  test('a target or output that is not a number makes the loss not a number, and its own gradient', () => {
    for (const spoilt of ['z', 'target'] as const) {
      const matrices = setUp(kind, 6, 1);
      const { dz, loss, run } = matrices;
      const { offset, stride } = matrices[spoilt];
      for (const column of [0, 3, 5]) twins.set([offset + column * stride + column], () => Number.NaN);
      run(twins.fast.kernels);
      const found = (places: number[]) =>
        places.flatMap((at, i) => (Number.isNaN(twins.fast.elements[at]) ? [i] : []));
      expect(found(vectorPlaces(loss))).toEqual([0, 3, 5]);
      expect(found(placesOf(dz, rows))).toEqual([0, 3 * 6 + 3, 5 * 6 + 5]);
    }
  });
});

/** One row of outputs and targets. */
function oneRow(name: string, call: Call, outputs: number[], targets: number[]) {
  const space = kernelSpace(name, 10_000);
  const [z, dz, target] = [0, 0, 0].map(() => space.matrix(1, outputs.length)) as [Matrix, Matrix, Matrix];
  const loss = space.vector(1);
  space.elements.set(outputs, z.offset);
  space.elements.set(targets, target.offset);
  call(space.kernels, z, dz, target, loss, { first: 0, count: 1 });
  return {
    loss: space.elements[loss.offset]!,
    dz: [...space.elements.subarray(dz.offset, dz.offset + outputs.length)],
  };
}

const [squaredError, absoluteError, huberOne, , binaryCrossEntropy] = kinds.map(({ call }) => call) as [
  Call,
  Call,
  Call,
  Call,
  Call,
];

describe.each(backendNames)('%s kernels', (name) => {
  test('the formulas, on numbers without rounding', () => {
    const [z, t] = [
      [3, 0, -1, 2],
      [1, 0, 2, 1.5],
    ];
    expect(oneRow(name, squaredError, z, t)).toEqual({ loss: 13.25 / 4, dz: [1, 0, -1.5, 0.25] });
    expect(oneRow(name, absoluteError, z, t)).toEqual({ loss: 5.5 / 4, dz: [0.25, 0, -0.25, 0.25] });
    expect(oneRow(name, huberOne, z, t)).toEqual({
      loss: (1.5 + 0 + 2.5 + 0.125) / 4,
      dz: [0.25, 0, -0.25, 0.125],
    });
    const { loss, dz } = oneRow(name, binaryCrossEntropy, [0, 0, 0, 0], [1, 0, 0.5, 0.25]);
    expect(loss).toBeCloseTo(Math.log(2), 7);
    expect(dz).toEqual([-0.125, 0.125, 0, 0.0625]);
  });

  test('huber: an error of exactly delta is the same by either formula', () => {
    expect(oneRow(name, huberOne, [1, -1], [0, 0])).toEqual({ loss: 0.5, dz: [0.5, -0.5] });
  });

  test('errors as large as numbers get: huber and absolute error do not overflow', () => {
    const far = 2 ** 127;
    expect(oneRow(name, absoluteError, [far], [0])).toEqual({ loss: far, dz: [1] });
    expect(oneRow(name, huberOne, [-far], [0])).toEqual({ loss: far, dz: [-1] });
    for (const call of [absoluteError, huberOne, squaredError])
      expect(oneRow(name, call, [Number.POSITIVE_INFINITY], [0]).loss).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([100, 1e4, 2 ** 100])(
    'a logit of %d: the loss of a wrong answer is its size, that of a right answer less than 2^-99',
    (far) => {
      expect(oneRow(name, binaryCrossEntropy, [far, -far], [0, 1])).toEqual({ loss: far, dz: [0.5, -0.5] });
      const right = oneRow(name, binaryCrossEntropy, [far, -far], [1, 0]);
      expect(right.loss).toBeGreaterThanOrEqual(0);
      for (const number of [right.loss, ...right.dz]) expect(Math.abs(number)).toBeLessThan(2 ** -99);
    },
  );
});

describe('binary cross-entropy in float32', () => {
  const outputs = 4096;
  const space = new Twins('binary cross-entropy', 700_000);
  const { fast, oracle } = space;
  const [z, dz, target] = [0, 0, 0].map(() => space.matrix(outputs, 1)) as [Matrix, Matrix, Matrix];
  const loss = space.vector(outputs);
  const every: Range = { first: 0, count: outputs };
  const places = [placesOf(dz, outputs), vectorPlaces(loss)] as const;

  /** The largest error of gradients and losses, in ulps of each. */
  function worst(low: number, high: number, next: () => number): number[] {
    space.set(placesOf(z, outputs), () => Math.fround(low + (high - low) * space.random.uniform()));
    space.set(placesOf(target, outputs), next);
    for (const { kernels } of [fast, oracle]) kernels.binaryCrossEntropy(z, dz, target, loss, every);
    return places.map((found) => {
      let most = 0;
      for (const at of found) {
        const expected = oracle.elements[at]!;
        const error = Math.abs(fast.elements[at]! - expected);
        const ulp = 2 ** (Math.floor(Math.log2(Math.abs(expected))) - 23);
        if (error !== 0) most = Math.max(most, error / ulp || Number.POSITIVE_INFINITY);
      }
      return most;
    });
  }

  test.each([
    [-69, 69],
    [-10, 10],
    [-1, 1],
    [-1e-3, 1e-3],
  ])('logits from %d to %d: gradients and losses are within 2.5 ulp', (low, high) => {
    for (const flag of [0, 1]) {
      const [gradient, value] = worst(low, high, () => flag);
      expect(gradient).toBeLessThan(2.5);
      expect(value).toBeLessThan(2.5);
    }
  });

  test('targets between 0 and 1: gradients are within 3 * 2^-24, losses within 2.5 ulp', () => {
    for (const range of [1, 10, 69]) {
      const [, value] = worst(-range, range, () => Math.fround(space.random.uniform()));
      expect(value).toBeLessThan(2.5);
      for (const at of places[0]) {
        expect(Math.abs(fast.elements[at]! - oracle.elements[at]!)).toBeLessThan(3 * u);
      }
    }
  });

  test('no loss and no gradient is a subnormal number', () => {
    worst(-110, 110, () => space.random.below(2));
    for (const at of places.flat()) {
      const size = Math.abs(fast.elements[at]!);
      expect(size === 0 || size >= 2 ** -101).toBe(true);
    }
  });

  test('golden bits: they change only with a release', () => {
    const logits = [0.3, -1.7, 4, -12, 40];
    const found = oneRow('wasm', binaryCrossEntropy, logits, [1, 0, 1, 0.25, 1]);
    const bits = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]!.toString(16);
    expect([found.loss, ...found.dz].map(bits)).toEqual([
      '3f3f80d4',
      'bdae4eef',
      '3cfd136d',
      'bb6bbfb5',
      'bd4ccb82',
      'a17ac750',
    ]);
  });
});
