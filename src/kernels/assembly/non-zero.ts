// Which of some numbers are not zero, as bits.

// Bit i tells whether the i-th of 64 floats, or of 32, is not zero.
// @ts-ignore: decorator
@inline
export function sixtyFourFloats(at: usize, all: bool): u64 {
  const low = <u64>(sixteenFloats(at) | (sixteenFloats(at + 64) << 16));
  if (!all) return low;
  return low | (<u64>(sixteenFloats(at + 128) | (sixteenFloats(at + 192) << 16)) << 32);
}

// Bit i tells whether the i-th of sixteen floats is not zero.
// @ts-ignore: decorator
@inline
export function sixteenFloats(at: usize): u32 {
  const zero = f32x4.splat(0);
  const low = i16x8.narrow_i32x4_s(
    f32x4.ne(v128.load(at), zero),
    f32x4.ne(v128.load(at, 16), zero),
  );
  const high = i16x8.narrow_i32x4_s(
    f32x4.ne(v128.load(at, 32), zero),
    f32x4.ne(v128.load(at, 48), zero),
  );
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}
