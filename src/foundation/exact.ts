/**
 * Exponential, logarithm and other functions that give the same bits everywhere.
 *
 * ECMAScript leaves `Math.exp` and its kin "implementation-approximated", and they do differ between
 * engines, versions and platforms. The functions here use only + - * / and integer steps on IEEE 754
 * doubles, whose results the language fixes. So initial weights, learning rates and the losses of the
 * float64 kernels are the same on any machine. test/foundation/exact.test.ts measures the errors.
 */

// ln 2 in two parts; the first has 21 zero bits at its end, so k * ln2High is exact for |k| < 2^20.
// The split is that of fdlibm (e_exp.c).
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const log2e = Math.LOG2E;

const word = new DataView(new ArrayBuffer(8));

/** 2^k for integers -1022 <= k <= 1023. */
function powerOfTwo(k: number): number {
  word.setUint32(0, (k + 1023) << 20);
  word.setUint32(4, 0);
  return word.getFloat64(0);
}

/**
 * e^x, within 1 ulp for results in the normal range; smaller results become 0.
 *
 * x = k ln 2 + r with |r| <= ln 2 / 2, then the Taylor series of e^r up to r^13 (the first term left out
 * is below 5e-18), scaled by 2^k.
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -708.3964185322641) return 0; // ln 2^-1022
  const k = Math.round(x * log2e);
  const r = x - k * ln2High - k * ln2Low;
  let sum = 1 / 6227020800;
  for (let n = 12; n >= 2; n--) sum = sum * r + inverseFactorial[n]!;
  // 1 + (r + r^2 sum): the large terms last, so that their rounding is the only one that counts.
  const result = 1 + (r + r * r * sum);
  return k === 1024 ? result * powerOfTwo(1023) * 2 : result * powerOfTwo(k);
}

/**
 * e^x - 1 without loss of digits near 0, within 1.6 ulp.
 *
 * As for `exp`, but 1 is taken from 2^k and not from the rounded result: 2^k (e^r - 1) + (2^k - 1).
 */
export function expm1(x: number): number {
  if (x > 40) return exp(x) - 1; // The 1 is lost in rounding.
  if (x < -40) return -1;
  const k = Math.round(x * log2e);
  const r = x - k * ln2High - k * ln2Low;
  let sum = 1 / 6227020800;
  for (let n = 12; n >= 2; n--) sum = sum * r + inverseFactorial[n]!;
  const scale = powerOfTwo(k);
  return scale * (r + r * r * sum) + (scale - 1);
}

/** Hyperbolic tangent, within 2.5 ulp: (e^2x - 1) / (e^2x + 1). */
export function tanh(x: number): number {
  if (x < 0) return -tanh(-x);
  if (x > 20) return 1;
  const e = expm1(2 * x);
  return e / (e + 2);
}

const inverseFactorial = [1];
for (let n = 1, factorial = 1; n <= 13; n++) {
  factorial *= n;
  inverseFactorial.push(1 / factorial);
}

/**
 * Natural logarithm of a positive normal number, within 1 ulp; -Infinity for 0, NaN below 0.
 *
 * x = 2^k m with m in [sqrt 1/2, sqrt 2), f = m - 1, s = f / (2 + f); then
 * ln m = f - f^2/2 + s (f^2/2 + R), where s R' = 2 atanh(s) - 2s is summed as a series in s^2.
 */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  let shift = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2^54 brings a subnormal into the normal range
    shift = -54;
  }
  word.setFloat64(0, x);
  let k = (word.getUint32(0) >>> 20) - 1023 + shift;
  word.setUint32(0, (word.getUint32(0) & 0x000fffff) | 0x3ff00000);
  let m = word.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  // 2 atanh(s) = 2s + s R with R = 2 z/3 + 2 z^2/5 + ...; |z| < 0.0295, so the first term left out is
  // below 1e-18.
  let R = 0;
  for (let n = 11; n >= 1; n--) R = (R + 2 / (2 * n + 1)) * z;
  const half = (f * f) / 2;
  return k * ln2High - (half - (s * (half + R) + k * ln2Low) - f);
}

/**
 * ln(1 + x) for finite x > -1, without loss of digits near 0, within 1.5 ulp.
 *
 * 1 + x is rounded to u, and what the rounding took away is x - (u - 1), exactly. ln grows by that much
 * divided by u.
 */
export function log1p(x: number): number {
  const u = 1 + x;
  return log(u) + (x - (u - 1)) / u;
}

/** The logistic function 1 / (1 + e^-x), within 2 ulp for x >= -708; below -709.8 it is 0. */
export function logistic(x: number): number {
  return 1 / (1 + exp(-x));
}

// pi / 2 in two parts, the first with 33 significant bits (fdlibm, e_rem_pio2.c).
const halfPiHigh = 1.5707963267341256;
const halfPiLow = 6.077100506506192e-11;

/**
 * Cosine for |x| <= 1e5. Schedules need 0 to pi, spirals up to 22 pi: there the absolute error is below
 * 2e-16, and below 1.6 ulp where the result is above a tenth.
 *
 * x = quarter pi/2 + r with |r| <= pi / 4, then the Taylor series of the cosine or the sine of r up to r^19.
 */
export function cos(x: number): number {
  return cosine(x, 0);
}

/** Sine, for the same x and with the same error; sin 0 is exactly 0. */
export function sin(x: number): number {
  return cosine(x, -1);
}

/** cos(x + turns pi / 2), for a whole number of turns. */
function cosine(x: number, turns: number): number {
  const quarter = Math.round(x / (halfPiHigh + halfPiLow));
  const r = x - quarter * halfPiHigh - quarter * halfPiLow;
  switch ((((quarter + turns) % 4) + 4) % 4) {
    case 0:
      return evenSeries(r);
    case 1:
      return -oddSeries(r);
    case 2:
      return -evenSeries(r);
    default:
      return oddSeries(r);
  }
}

/** cos r = 1 - r^2/2! + r^4/4! - ... for |r| <= pi/4. */
function evenSeries(r: number): number {
  const z = r * r;
  let sum = 0;
  for (let n = 9; n >= 1; n--) sum = (1 + sum) * (-z / (2 * n * (2 * n - 1)));
  return 1 + sum;
}

/** sin r = r - r^3/3! + r^5/5! - ... for |r| <= pi/4. */
function oddSeries(r: number): number {
  const z = r * r;
  let sum = 0;
  for (let n = 9; n >= 1; n--) sum = (1 + sum) * (-z / (2 * n * (2 * n + 1)));
  return r + r * sum;
}

const sqrtPi = 1.7724538509055161;

/**
 * The error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x, within 3 ulp.
 *
 * Below 1 by Abramowitz and Stegun, 7.1.6, whose terms do not cancel:
 * erf x = 2 / sqrt(pi) e^(-x^2) (x + 2 x^3 / 3 + 4 x^5 / 15 + ...). From 1 on it is 1 - erfc(x).
 */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x >= 1) return 1 - erfc(x);
  // The sum starts at its smallest term, which is below 2^-60 for x = 1.
  let sum = 1;
  for (let n = 26; n >= 1; n--) sum = 1 + ((2 * x * x) / (2 * n + 1)) * sum;
  return ((2 * x) / sqrtPi) * exp(-x * x) * sum;
}

/**
 * 1 - erf(x), within 8 ulp for results in the normal range.
 *
 * Abramowitz and Stegun, 7.1.14: a continued fraction, computed from its end. It needs more terms the
 * nearer x is to 0.
 */
export function erfc(x: number): number {
  if (x < 1) return 1 - erf(x);
  if (x > 27) return 0;
  let rest = x;
  for (let n = Math.ceil(20 + 180 / (x * x)); n >= 1; n--) rest = x + n / 2 / rest;
  // The exponential would magnify the rounding of x^2: the square of the leading bits is exact.
  const lead = Math.fround(x);
  return (exp(-lead * lead) * exp((lead - x) * (lead + x))) / (rest * sqrtPi);
}

/**
 * base^exponent for exponents that only grow, as a running product. Each exponent has one order of
 * multiplications, so its bits do not depend on which exponents were asked for before.
 */
export function runningPower(base: number): (exponent: number) => number {
  let reached = 0;
  let product = 1;
  return (exponent) => {
    if (exponent < reached) {
      reached = 0;
      product = 1;
    }
    for (; reached < exponent; reached++) product *= base;
    return product;
  };
}
