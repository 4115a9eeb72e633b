// The fast softmax with cross-entropy, compared with its oracle.
//
// Roundings of one probability p, in units of 2^-24 (d is the distance to the largest logit): d for the
// subtraction, 2 for the exponential (exact.test.ts), classes / 4 + 2 for the sum, whose terms bring the mean
// of their own d and 2 with them, 1 for the quotient, 1 for the difference to the label. p d is at most 1/e,
// and the mean of d at most ln classes. The loss has the sum's error, 2 roundings of each part, and its own.
import { describe, expect, test } from 'vitest';
import type { Range } from '#lockstep/foundation/shapes.js';

import { kernelSpace, placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { randomPieces, Twins, u } from '../support/twins.ts';

const twins = new Twins('softmax', 100_000);
const rows = 13;
const allRows: Range = { first: 0, count: rows };

/** Logits as large as `scale`, and matrices for the results. */
function setUp(classes: number, scale: number) {
  twins.clear();
  const [z, dz] = [twins.matrix(rows, classes), twins.matrix(rows, classes)];
  const [label, loss, predicted] = [twins.vector(rows), twins.vector(rows), twins.vector(rows)];
  twins.set(placesOf(z, rows), () => Math.fround(scale * twins.random.normal()));
  twins.set(vectorPlaces(label), () => twins.random.below(classes));
  const output = [...placesOf(dz, rows), ...vectorPlaces(loss), ...vectorPlaces(predicted)];
  const call = (kernels: typeof twins.fast.kernels, range: Range) =>
    kernels.softmaxCrossEntropy(z, dz, label, loss, predicted, range);
  return { z, dz, label, loss, predicted, output, call };
}

const classCounts = [1, 2, 3, 4, 5, 7, 8, 9, 10, 31, 32, 33, 100, 255, 256];

describe.each(classCounts)('%i classes', (classes) => {
  test.each([1e-3, 1, 30, 1e4, 1e30])('logits of size %d: within the bound above, padding zero', (scale) => {
    const { dz, loss, predicted, output, call } = setUp(classes, scale);
    const { fast, oracle } = twins;
    const bound = classes / 4 + 2 * Math.log(classes) + 10;
    twins.untouched(() => {
      for (const { kernels } of [fast, oracle]) call(kernels, allRows);
    }, output);
    const error = (at: number) => Math.abs(fast.elements[at]! - oracle.elements[at]!);
    for (const at of placesOf(dz, rows)) expect(error(at)).toBeLessThanOrEqual(bound * u);
    for (const at of vectorPlaces(loss)) {
      expect(error(at)).toBeLessThanOrEqual((bound + 4 * oracle.elements[at]!) * u);
      expect(fast.elements[at]).toBeGreaterThanOrEqual(0);
    }
    for (const at of vectorPlaces(predicted)) expect(fast.elements[at]).toBe(oracle.elements[at]);
  });

  test('the bits do not depend on the blocks of rows', () => {
    const { output, call } = setUp(classes, 2);
    const whole = twins.bits((kernels) => call(kernels, allRows), output);
    for (const step of [1, 2, 4]) {
      const pieces = randomPieces(rows, step, twins.random);
      const found = twins.bits((kernels) => {
        for (const piece of pieces) call(kernels, piece);
      }, output);
      expect(found).toEqual(whole);
    }
  });
});

/** One row of logits. */
function oneRow(name: string, logits: number[], target: number) {
  const space = kernelSpace(name, 10_000);
  const [z, dz] = [space.matrix(1, logits.length), space.matrix(1, logits.length)];
  const [label, loss, predicted] = [space.vector(1), space.vector(1), space.vector(1)];
  space.elements.set(logits, z.offset);
  space.elements[label.offset] = target;
  space.kernels.softmaxCrossEntropy(z, dz, label, loss, predicted, { first: 0, count: 1 });
  const { elements } = space;
  return {
    loss: elements[loss.offset]!,
    predicted: elements[predicted.offset]!,
    dz: [...elements.subarray(dz.offset, dz.offset + logits.length)],
  };
}

describe.each(['wasm', 'reference'] as const)('%s kernels', (name) => {
  const row = (logits: number[], target: number) => oneRow(name, logits, target);

  test('of equally large logits the first is predicted', () => {
    expect(row([0, 3, 3, 1, 3], 0).predicted).toBe(1);
    expect(row([2, 2], 0).predicted).toBe(0);
    expect(row([-0, 0], 0).predicted).toBe(0);
    expect(row([-5, -7, -5], 0).predicted).toBe(0);
  });

  test('equal logits have equal probabilities, at any height', () => {
    for (const height of [-1e30, 0, 1e30]) {
      const { dz, loss } = row([height, height, height, height], 2);
      expect(dz).toEqual([0.25, 0.25, -0.75, 0.25]);
      expect(loss).toBeCloseTo(Math.log(4), 6);
    }
  });

  test('a certain answer has loss 0 and gradient 0; the contrary has a loss as large as the distance', () => {
    expect(row([1e4, 0, 0], 0)).toEqual({ loss: 0, predicted: 0, dz: [0, 0, 0] });
    expect(row([1e4, 0, 0], 1)).toEqual({ loss: 1e4, predicted: 0, dz: [1, -1, 0] });
  });

  test('a single class is always right', () => {
    expect(row([-3], 0)).toEqual({ loss: 0, predicted: 0, dz: [0] });
  });

  test('a logit that is not a number makes the loss not a number, wherever it stands', () => {
    for (const target of [0, 1, 2]) {
      expect(row([0, Number.NaN, 1], target).loss).toBeNaN();
      expect(row([Number.NaN, 0, 1], target).loss).toBeNaN();
    }
    expect(row([0, Number.POSITIVE_INFINITY], 0).loss).not.toBeLessThan(Number.POSITIVE_INFINITY);
  });
});

test('no float32 probability is a subnormal number', () => {
  const logits = Array.from({ length: 200 }, (_, i) => -i);
  for (const p of oneRow('wasm', logits, 0).dz.slice(1)) expect(p === 0 || p >= 2 ** -126).toBe(true);
});
