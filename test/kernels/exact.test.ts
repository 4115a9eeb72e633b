// The float32 exponential and logarithm, observed through softmax with cross-entropy.
//
// With the two logits 0 and x <= -17.4, the first class has e^0 = 1 and the sum 1 + e^x rounds to 1. So the
// second class's gradient is the computed e^x. With equal logits the sum is a whole number without rounding,
// and the loss of any class is its logarithm.
import { describe, expect, test } from 'vitest';
import { exp, log } from '#lockstep/foundation/exact.js';
import { stream } from '#lockstep/foundation/random.js';
import { kernelSpace } from '../support/kernel-space.ts';

/** Distance from y to the next larger float32 in its binade. */
const ulp = (y: number) => 2 ** (Math.floor(Math.log2(y)) - 23);

describe('two classes', () => {
  const rows = 4096;
  const space = kernelSpace('wasm', 600_000);
  const { kernels, elements } = space;
  const [z, dz] = [space.matrix(rows, 2), space.matrix(rows, 2)];
  const [label, loss, predicted] = [space.vector(rows), space.vector(rows), space.vector(rows)];

  /** The gradient of the second class, and the loss, for logits 0 and x. */
  function run(xs: readonly number[]): { p: number; loss: number }[] {
    for (const [row, x] of xs.entries()) elements[z.offset + row * z.stride + 1] = x;
    kernels.softmaxCrossEntropy(z, dz, label, loss, predicted, { first: 0, count: xs.length });
    return xs.map((_, row) => ({
      p: elements[dz.offset + row * dz.stride + 1]!,
      loss: elements[loss.offset + row]!,
    }));
  }

  const draw = (low: number, high: number, name: string) => {
    const random = stream(1, 'exp', name);
    return Array.from({ length: rows }, () => Math.fround(low + (high - low) * random.uniform()));
  };

  test('e^x is within 1 ulp for -69 <= x <= -17.4', () => {
    let worst = 0;
    for (let repeat = 0; repeat < 50; repeat++) {
      const xs = draw(-69, -17.4, `small ${repeat}`);
      for (const [i, { p }] of run(xs).entries()) {
        worst = Math.max(worst, Math.abs(p - exp(xs[i]!)) / ulp(exp(xs[i]!)));
      }
    }
    expect(worst).toBeLessThan(1);
  });

  test('e^x is 0 below -69, and 1 at 0', () => {
    expect(run([-69.00001, -80, -1e4, -3e38]).map(({ p }) => p)).toEqual([0, 0, 0, 0]);
    expect(run([-69])[0]!.p).toBeGreaterThan(2 ** -100);
    expect(run([0])[0]!.p).toBe(0.5);
  });

  test('e^x / (1 + e^x) is within 2.5 ulp, ln(1 + e^x) within 2^-24 + 1 ulp, for -17.4 <= x <= 0', () => {
    let [worst, worstLoss] = [0, 0];
    for (let repeat = 0; repeat < 50; repeat++) {
      const xs = draw(-17.4, 0, `large ${repeat}`);
      for (const [i, { p, loss }] of run(xs).entries()) {
        const e = exp(xs[i]!);
        worst = Math.max(worst, Math.abs(p - e / (1 + e)) / ulp(e / (1 + e)));
        const expected = log(1 + e);
        worstLoss = Math.max(worstLoss, Math.abs(loss - expected) / (2 ** -24 + ulp(expected)));
      }
    }
    expect(worst).toBeLessThan(2.5);
    expect(worstLoss).toBeLessThan(1);
  });
});

test('ln n is within 0.6 ulp for n = 2 to 4096', () => {
  const space = kernelSpace('wasm', 20_000);
  const { kernels, elements } = space;
  const [z, dz] = [space.matrix(1, 4096), space.matrix(1, 4096)];
  const [label, loss, predicted] = [space.vector(1), space.vector(1), space.vector(1)];
  let worst = 0;
  for (let classes = 2; classes <= 4096; classes++) {
    const [logits, gradients] = [z, dz].map((matrix) => ({ ...matrix, columns: classes }));
    kernels.softmaxCrossEntropy(logits!, gradients!, label, loss, predicted, { first: 0, count: 1 });
    const expected = log(classes);
    worst = Math.max(worst, Math.abs(elements[loss.offset]! - expected) / ulp(expected));
  }
  expect(worst).toBeLessThan(0.6);
});
