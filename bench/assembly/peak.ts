// The most multiplications and additions a core can do in plain WebAssembly SIMD: independent chains  s = s m
// + a  of four lanes each, everything in registers, nothing loaded. Fewer chains than the latency of the two
// instructions calls for, or more than there are registers, are slower, so the bench takes the number of
// chains that is fastest.
//
// With m below 1 a chain converges to a / (1 - m): no overflow, no subnormals. The sum of all is returned, so
// that nothing can be left out. Operations: turns x chains x 8.

const m = f32x4.splat(0.999);

// @ts-ignore: decorator
@inline
function next(s: v128, a: v128): v128 {
  return f32x4.add(f32x4.mul(s, m), a);
}

export function chains4(turns: i32, start: f32): f32 {
  const a = f32x4.splat(start);
  let s0 = f32x4.splat(start + 0);
  let s1 = f32x4.splat(start + 1);
  let s2 = f32x4.splat(start + 2);
  let s3 = f32x4.splat(start + 3);
  for (let turn = 0; turn < turns; turn++) {
    s0 = next(s0, a);
    s1 = next(s1, a);
    s2 = next(s2, a);
    s3 = next(s3, a);
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, s2);
  s0 = f32x4.add(s0, s3);
  return f32x4.extract_lane(s0, 0);
}

export function chains6(turns: i32, start: f32): f32 {
  const a = f32x4.splat(start);
  let s0 = f32x4.splat(start + 0);
  let s1 = f32x4.splat(start + 1);
  let s2 = f32x4.splat(start + 2);
  let s3 = f32x4.splat(start + 3);
  let s4 = f32x4.splat(start + 4);
  let s5 = f32x4.splat(start + 5);
  for (let turn = 0; turn < turns; turn++) {
    s0 = next(s0, a);
    s1 = next(s1, a);
    s2 = next(s2, a);
    s3 = next(s3, a);
    s4 = next(s4, a);
    s5 = next(s5, a);
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, s2);
  s0 = f32x4.add(s0, s3);
  s0 = f32x4.add(s0, s4);
  s0 = f32x4.add(s0, s5);
  return f32x4.extract_lane(s0, 0);
}

export function chains8(turns: i32, start: f32): f32 {
  const a = f32x4.splat(start);
  let s0 = f32x4.splat(start + 0);
  let s1 = f32x4.splat(start + 1);
  let s2 = f32x4.splat(start + 2);
  let s3 = f32x4.splat(start + 3);
  let s4 = f32x4.splat(start + 4);
  let s5 = f32x4.splat(start + 5);
  let s6 = f32x4.splat(start + 6);
  let s7 = f32x4.splat(start + 7);
  for (let turn = 0; turn < turns; turn++) {
    s0 = next(s0, a);
    s1 = next(s1, a);
    s2 = next(s2, a);
    s3 = next(s3, a);
    s4 = next(s4, a);
    s5 = next(s5, a);
    s6 = next(s6, a);
    s7 = next(s7, a);
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, s2);
  s0 = f32x4.add(s0, s3);
  s0 = f32x4.add(s0, s4);
  s0 = f32x4.add(s0, s5);
  s0 = f32x4.add(s0, s6);
  s0 = f32x4.add(s0, s7);
  return f32x4.extract_lane(s0, 0);
}

export function chains10(turns: i32, start: f32): f32 {
  const a = f32x4.splat(start);
  let s0 = f32x4.splat(start + 0);
  let s1 = f32x4.splat(start + 1);
  let s2 = f32x4.splat(start + 2);
  let s3 = f32x4.splat(start + 3);
  let s4 = f32x4.splat(start + 4);
  let s5 = f32x4.splat(start + 5);
  let s6 = f32x4.splat(start + 6);
  let s7 = f32x4.splat(start + 7);
  let s8 = f32x4.splat(start + 8);
  let s9 = f32x4.splat(start + 9);
  for (let turn = 0; turn < turns; turn++) {
    s0 = next(s0, a);
    s1 = next(s1, a);
    s2 = next(s2, a);
    s3 = next(s3, a);
    s4 = next(s4, a);
    s5 = next(s5, a);
    s6 = next(s6, a);
    s7 = next(s7, a);
    s8 = next(s8, a);
    s9 = next(s9, a);
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, s2);
  s0 = f32x4.add(s0, s3);
  s0 = f32x4.add(s0, s4);
  s0 = f32x4.add(s0, s5);
  s0 = f32x4.add(s0, s6);
  s0 = f32x4.add(s0, s7);
  s0 = f32x4.add(s0, s8);
  s0 = f32x4.add(s0, s9);
  return f32x4.extract_lane(s0, 0);
}

export function chains11(turns: i32, start: f32): f32 {
  const a = f32x4.splat(start);
  let s0 = f32x4.splat(start + 0);
  let s1 = f32x4.splat(start + 1);
  let s2 = f32x4.splat(start + 2);
  let s3 = f32x4.splat(start + 3);
  let s4 = f32x4.splat(start + 4);
  let s5 = f32x4.splat(start + 5);
  let s6 = f32x4.splat(start + 6);
  let s7 = f32x4.splat(start + 7);
  let s8 = f32x4.splat(start + 8);
  let s9 = f32x4.splat(start + 9);
  let s10 = f32x4.splat(start + 10);
  for (let turn = 0; turn < turns; turn++) {
    s0 = next(s0, a);
    s1 = next(s1, a);
    s2 = next(s2, a);
    s3 = next(s3, a);
    s4 = next(s4, a);
    s5 = next(s5, a);
    s6 = next(s6, a);
    s7 = next(s7, a);
    s8 = next(s8, a);
    s9 = next(s9, a);
    s10 = next(s10, a);
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, s2);
  s0 = f32x4.add(s0, s3);
  s0 = f32x4.add(s0, s4);
  s0 = f32x4.add(s0, s5);
  s0 = f32x4.add(s0, s6);
  s0 = f32x4.add(s0, s7);
  s0 = f32x4.add(s0, s8);
  s0 = f32x4.add(s0, s9);
  s0 = f32x4.add(s0, s10);
  return f32x4.extract_lane(s0, 0);
}

export function chains12(turns: i32, start: f32): f32 {
  const a = f32x4.splat(start);
  let s0 = f32x4.splat(start + 0);
  let s1 = f32x4.splat(start + 1);
  let s2 = f32x4.splat(start + 2);
  let s3 = f32x4.splat(start + 3);
  let s4 = f32x4.splat(start + 4);
  let s5 = f32x4.splat(start + 5);
  let s6 = f32x4.splat(start + 6);
  let s7 = f32x4.splat(start + 7);
  let s8 = f32x4.splat(start + 8);
  let s9 = f32x4.splat(start + 9);
  let s10 = f32x4.splat(start + 10);
  let s11 = f32x4.splat(start + 11);
  for (let turn = 0; turn < turns; turn++) {
    s0 = next(s0, a);
    s1 = next(s1, a);
    s2 = next(s2, a);
    s3 = next(s3, a);
    s4 = next(s4, a);
    s5 = next(s5, a);
    s6 = next(s6, a);
    s7 = next(s7, a);
    s8 = next(s8, a);
    s9 = next(s9, a);
    s10 = next(s10, a);
    s11 = next(s11, a);
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, s2);
  s0 = f32x4.add(s0, s3);
  s0 = f32x4.add(s0, s4);
  s0 = f32x4.add(s0, s5);
  s0 = f32x4.add(s0, s6);
  s0 = f32x4.add(s0, s7);
  s0 = f32x4.add(s0, s8);
  s0 = f32x4.add(s0, s9);
  s0 = f32x4.add(s0, s10);
  s0 = f32x4.add(s0, s11);
  return f32x4.extract_lane(s0, 0);
}

export function chains13(turns: i32, start: f32): f32 {
  const a = f32x4.splat(start);
  let s0 = f32x4.splat(start + 0);
  let s1 = f32x4.splat(start + 1);
  let s2 = f32x4.splat(start + 2);
  let s3 = f32x4.splat(start + 3);
  let s4 = f32x4.splat(start + 4);
  let s5 = f32x4.splat(start + 5);
  let s6 = f32x4.splat(start + 6);
  let s7 = f32x4.splat(start + 7);
  let s8 = f32x4.splat(start + 8);
  let s9 = f32x4.splat(start + 9);
  let s10 = f32x4.splat(start + 10);
  let s11 = f32x4.splat(start + 11);
  let s12 = f32x4.splat(start + 12);
  for (let turn = 0; turn < turns; turn++) {
    s0 = next(s0, a);
    s1 = next(s1, a);
    s2 = next(s2, a);
    s3 = next(s3, a);
    s4 = next(s4, a);
    s5 = next(s5, a);
    s6 = next(s6, a);
    s7 = next(s7, a);
    s8 = next(s8, a);
    s9 = next(s9, a);
    s10 = next(s10, a);
    s11 = next(s11, a);
    s12 = next(s12, a);
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, s2);
  s0 = f32x4.add(s0, s3);
  s0 = f32x4.add(s0, s4);
  s0 = f32x4.add(s0, s5);
  s0 = f32x4.add(s0, s6);
  s0 = f32x4.add(s0, s7);
  s0 = f32x4.add(s0, s8);
  s0 = f32x4.add(s0, s9);
  s0 = f32x4.add(s0, s10);
  s0 = f32x4.add(s0, s11);
  s0 = f32x4.add(s0, s12);
  return f32x4.extract_lane(s0, 0);
}
