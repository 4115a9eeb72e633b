/** Numbers of 16 bits, as other programs keep them. Both kinds are exact in float32. */

/** 2^-24, the smallest number above zero. */
const smallest = 1 / 16_777_216;

/** By the exponent: what one unit of the fraction is worth. It doubles from 1 on. */
const units = new Float64Array(31).fill(smallest);
for (let exponent = 2; exponent < units.length; exponent++) units[exponent] = 2 * units[exponent - 1]!;

/** The number of IEEE 754's binary16: sign, 5 bits of exponent, 10 of fraction. */
export function halfNumber(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits >> 15 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 1024 + fraction : fraction) * units[exponent]!;
}

const bits32 = new Uint32Array(1);
const float32 = new Float32Array(bits32.buffer);

/** The number of bfloat16, the upper half of a float32. */
export function upperHalf(bits: number): number {
  bits32[0] = bits << 16;
  return float32[0]!;
}
