// Philox4x32-10 for four counters at once: ../../foundation/philox.ts says what it is, and which column of a
// row has which word. A vector holds the same word of four counters.

// @ts-ignore: decorator
@inline
function highProduct(a: v128, b: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(a, b);
  const high = i64x2.extmul_high_i32x4_u(a, b);
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7);
}

// Writes the words of 16 columns, the first of which is a multiple of 16, to `words`. (16)
// @ts-ignore: decorator
@inline
export function sixteenWords(
  words: usize,
  column: usize,
  sample: u32,
  epoch: u32,
  use: u32,
  key0: u32,
  key1: u32,
): void {
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  let c0 = i32x4.add(i32x4.splat(<i32>(column >> 2)), i32x4(0, 1, 2, 3));
  let c1 = i32x4.splat(sample);
  let c2 = i32x4.splat(epoch);
  let c3 = i32x4.splat(use);
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(m0, c0);
    const high1 = highProduct(m1, c2);
    const low0 = i32x4.mul(m0, c0);
    const low1 = i32x4.mul(m1, c2);
    c0 = v128.xor(v128.xor(high1, c1), i32x4.splat(key0));
    c1 = low1;
    c2 = v128.xor(v128.xor(high0, c3), i32x4.splat(key1));
    c3 = low0;
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
  v128.store(words, c0, 0);
  v128.store(words, c1, 16);
  v128.store(words, c2, 32);
  v128.store(words, c3, 48);
}
