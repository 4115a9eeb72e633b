// Lanes of a vector: which of them are columns, and what they come to.

// All bits in the lanes of the vector at byte `at` of a row that are columns, none in the padding.
// @ts-ignore: decorator
@inline
export function inside(at: usize, columns: usize): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>columns - <i32>(at >> 2)));
}

// The sum of the lanes: (0 + 2) + (1 + 3).
// @ts-ignore: decorator
@inline
export function sumOfLanes(s: v128): f32 {
  const even = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 2);
  return even + (f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 3));
}
