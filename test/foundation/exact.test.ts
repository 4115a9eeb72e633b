import { describe, expect, test } from 'vitest';
import { cos, erf, erfc, exp, expm1, log, log1p, logistic, sin, tanh } from '#lockstep/foundation/exact.js';
import { stream } from '#lockstep/foundation/random.js';
import { readVectors } from '../support/vectors.ts';

/** x, the double y nearest to f(x), and the rest f(x) - y in ulps of y. */
type Entry = readonly [x: number, y: number, rest: number];
type Function = 'exp' | 'log' | 'cos' | 'expm1' | 'tanh' | 'erf' | 'erfc' | 'log1p' | 'logistic';
const vectors = readVectors<Record<Function, Entry[]>>('exact');

const word = new DataView(new ArrayBuffer(8));

/** The bits of a double, as text. */
function bits(value: number): string {
  word.setFloat64(0, value);
  return word.getBigUint64(0).toString(16).padStart(16, '0');
}

/** Distance from |y| to the next larger double. */
function ulp(y: number): number {
  word.setFloat64(0, Math.abs(y));
  word.setBigUint64(0, word.getBigUint64(0) + 1n);
  return word.getFloat64(0) - Math.abs(y);
}

/** The largest error over some entries, in ulps of each result, or absolute. */
function worst(f: (x: number) => number, entries: Entry[], inUlps: boolean): number {
  const errors = entries.map(([x, y, rest]) => Math.abs((f(x) - y) / ulp(y) - rest) * (inUlps ? 1 : ulp(y)));
  return Math.max(...errors);
}

describe('against 80 decimal digits', () => {
  test('exp is within 1 ulp where its result is normal', () => {
    expect(vectors.exp.length).toBeGreaterThan(700);
    expect(worst(exp, vectors.exp, true)).toBeLessThan(1);
  });

  test('log is within 1 ulp, subnormal arguments and the neighbours of 1 included', () => {
    expect(vectors.log.length).toBeGreaterThan(700);
    expect(worst(log, vectors.log, true)).toBeLessThan(1);
  });

  test('cos is within 3e-16 for |x| <= 2 pi, and up to 1e5', () => {
    expect(vectors.cos.length).toBeGreaterThan(700);
    expect(worst(cos, vectors.cos, false)).toBeLessThan(3e-16);
  });

  test('expm1 is within 1.6 ulp', () => {
    expect(vectors.expm1.length).toBeGreaterThan(700);
    expect(worst(expm1, vectors.expm1, true)).toBeLessThan(1.6);
  });

  test('tanh is within 2.5 ulp', () => {
    expect(vectors.tanh.length).toBeGreaterThan(700);
    expect(worst(tanh, vectors.tanh, true)).toBeLessThan(2.5);
  });

  test('erf is within 3 ulp', () => {
    expect(vectors.erf.length).toBeGreaterThan(700);
    expect(worst(erf, vectors.erf, true)).toBeLessThan(3);
  });

  test('erfc is within 8 ulp up to 26, where its result is 10^-296', () => {
    expect(vectors.erfc.length).toBeGreaterThan(700);
    expect(worst(erfc, vectors.erfc, true)).toBeLessThan(8);
  });

  test('log1p is within 1.5 ulp, for the smallest arguments and the neighbour of -1 too', () => {
    expect(vectors.log1p.length).toBeGreaterThan(700);
    expect(worst(log1p, vectors.log1p, true)).toBeLessThan(1.5);
  });

  test('logistic is within 2 ulp, far to the left too', () => {
    expect(vectors.logistic.length).toBeGreaterThan(700);
    expect(worst(logistic, vectors.logistic, true)).toBeLessThan(2);
  });
});

describe('sine and cosine against 120 decimal digits, computed here', () => {
  // Spirals of ten turns ask for angles up to 22 pi.
  const random = stream('sine and cosine');
  const angles = Array.from(
    { length: 600 },
    (_, i) => (i % 3 === 0 ? 22 : 2) * Math.PI * (2 * random.uniform() - 1),
  );
  angles.push(...Array.from({ length: 41 }, (_, quarter) => (quarter * Math.PI) / 2), 1e-9, 5e-324);

  test.each([
    ['sin', sin, 1n],
    ['cos', cos, 0n],
  ] as const)('%s is within 2e-16, and within 1.6 ulp where it is above a tenth', (_, f, odd) => {
    for (const x of angles) {
      const error = Math.abs(Number(fixed(f(x)) - series(fixed(x), odd))) / 2 ** fraction;
      expect(error, String(x)).toBeLessThan(2e-16);
      if (Math.abs(f(x)) > 0.1) expect(error / ulp(f(x)), String(x)).toBeLessThan(1.6);
    }
  });
});

/** Bits after the point of a whole number that stands for a fraction. */
const fraction = 400;

/** A double, exactly if it is no smaller than 2^-400. */
function fixed(value: number): bigint {
  word.setFloat64(0, value);
  const bits = word.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) | (exponent === 0 ? 0n : 1n << 52n);
  const shift = BigInt(Math.max(exponent, 1) - 1075 + fraction);
  const size = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return value < 0 ? -size : size;
}

/** The series of the sine (1), or of the cosine (0), in fixed point: terms grow to 2^97 for 22 pi. */
function series(x: bigint, odd: bigint): bigint {
  const bits = BigInt(fraction);
  const square = (x * x) >> bits;
  let term = odd === 1n ? x : 1n << bits;
  let sum = 0n;
  for (let n = odd; term !== 0n && term !== -1n; n += 2n) {
    sum += term;
    term = -((term * square) >> bits) / ((n + 1n) * (n + 2n));
  }
  return sum;
}

test('special values', () => {
  expect(exp(0)).toBe(1);
  expect(exp(-0)).toBe(1);
  expect(exp(709.782712893384)).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(exp(709.7827128933841)).toBe(Number.POSITIVE_INFINITY);
  expect(exp(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  expect(exp(Number.NEGATIVE_INFINITY)).toBe(0);
  expect(exp(-708.3964185322641)).toBeGreaterThanOrEqual(2.2250738585072014e-308);
  expect(exp(-708.3964185322642)).toBe(0);
  expect(exp(Number.NaN)).toBeNaN();
  expect(bits(log(1))).toBe('0000000000000000');
  expect(log(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(log(-0)).toBe(Number.NEGATIVE_INFINITY);
  expect(log(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  expect(log(-1)).toBeNaN();
  expect(log(Number.NaN)).toBeNaN();
  expect(cos(0)).toBe(1);
  expect(cos(Math.PI)).toBe(-1);
  expect(cos(Number.NaN)).toBeNaN();
  for (const f of [expm1, tanh, erf, erfc, log1p, logistic]) expect(f(Number.NaN)).toBeNaN();
  const ends = [Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY];
  expect(ends.map(expm1)).toEqual([-1, 0, Number.POSITIVE_INFINITY]);
  expect(ends.map(tanh)).toEqual([-1, 0, 1]);
  expect(ends.map(erf)).toEqual([-1, 0, 1]);
  expect(ends.map(erfc)).toEqual([2, 1, 0]);
  expect(ends.map(logistic)).toEqual([0, 0.5, 1]);
  expect(log1p(0)).toBe(0);
});

test('exp and log are monotonic and each other’s inverse, cos is even', () => {
  for (let x = -700; x < 700; x += 0.37) {
    expect(exp(x + 1e-3)).toBeGreaterThan(exp(x));
    expect(log(exp(x))).toBeCloseTo(x, 12);
    expect(cos(-x)).toBe(cos(x));
  }
});

test('golden bits: they change only with a release', () => {
  expect([1, -0.3, 10, -700].map((x) => bits(exp(x)))).toEqual([
    '4005bf0a8b14576a',
    '3fe7b4c869c37c05',
    '40d5829dcf950560',
    '00d14f2b0fb9307f',
  ]);
  expect([10, 0.7, 1.0001, 5e-324].map((x) => bits(log(x)))).toEqual([
    '40026bb1bbb55516',
    'bfd6d3c324e13f50',
    '3f1a368d0657fcd4',
    'c0874385446d71c3',
  ]);
  expect([1, 2, 3, 6].map((x) => bits(cos(x)))).toEqual([
    '3fe14a280fb5068c',
    'bfdaa22657537205',
    'bfefae04be85e5d2',
    '3feeb9b7097822f6',
  ]);
});

test('sin is cos a quarter turn later, odd, 0 at 0, and within 4e-16 of what this machine has', () => {
  expect(sin(0)).toBe(0);
  expect(sin(Math.PI / 2)).toBe(1);
  for (let x = 0.01; x <= 7; x += 0.01) {
    expect(sin(-x)).toBe(-sin(x));
    expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(4e-16);
    expect(sin(x) * sin(x) + cos(x) * cos(x)).toBeCloseTo(1, 14);
  }
});
