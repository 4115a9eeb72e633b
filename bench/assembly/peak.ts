// The most multiplications and additions a core can do in plain WebAssembly SIMD: independent chains  s = s m
// + a  of four lanes each, everything in registers, nothing loaded. Fewer chains than the latency of the two
// instructions calls for, or more than there are registers, are slower, so the bench takes the number of
// chains that is fastest.
//
// All multiplications of a turn come before its additions. One after the other, each addition waits for the multiplication just before it, and
// a core looks ahead too little to fill the gaps: that way 12 chains reach 46 instead of 59 GFLOP/s on a Zen 4 core. V8 would put each
// multiplication where its product is needed; a branch that is never taken, behind which all products are needed, keeps them apart.
//
// With m below 1 a chain converges to a / (1 - m): no overflow, no subnormals. The sum of all is returned, so
// that nothing can be left out. Operations: turns x chains x 8.

// m and a come from memory, because V8 makes constants, and what is made of one number, anew in every turn.
const at = memory.data(32, 16);

export function chains8(turns: i32, start: f32): f32 {
  v128.store(at, f32x4.splat(0.999));
  v128.store(at, f32x4.splat(start), 16);
  const m = v128.load(at);
  const a = v128.load(at, 16);
  let s0 = f32x4.splat(start + 0);
  let s1 = f32x4.splat(start + 1);
  let s2 = f32x4.splat(start + 2);
  let s3 = f32x4.splat(start + 3);
  let s4 = f32x4.splat(start + 4);
  let s5 = f32x4.splat(start + 5);
  let s6 = f32x4.splat(start + 6);
  let s7 = f32x4.splat(start + 7);
  for (let turn = 1; turn <= turns; turn++) {
    s0 = f32x4.mul(s0, m);
    s1 = f32x4.mul(s1, m);
    s2 = f32x4.mul(s2, m);
    s3 = f32x4.mul(s3, m);
    s4 = f32x4.mul(s4, m);
    s5 = f32x4.mul(s5, m);
    s6 = f32x4.mul(s6, m);
    s7 = f32x4.mul(s7, m);
    if (!turn) break;
    s0 = f32x4.add(s0, a);
    s1 = f32x4.add(s1, a);
    s2 = f32x4.add(s2, a);
    s3 = f32x4.add(s3, a);
    s4 = f32x4.add(s4, a);
    s5 = f32x4.add(s5, a);
    s6 = f32x4.add(s6, a);
    s7 = f32x4.add(s7, a);
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
  v128.store(at, f32x4.splat(0.999));
  v128.store(at, f32x4.splat(start), 16);
  const m = v128.load(at);
  const a = v128.load(at, 16);
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
  for (let turn = 1; turn <= turns; turn++) {
    s0 = f32x4.mul(s0, m);
    s1 = f32x4.mul(s1, m);
    s2 = f32x4.mul(s2, m);
    s3 = f32x4.mul(s3, m);
    s4 = f32x4.mul(s4, m);
    s5 = f32x4.mul(s5, m);
    s6 = f32x4.mul(s6, m);
    s7 = f32x4.mul(s7, m);
    s8 = f32x4.mul(s8, m);
    s9 = f32x4.mul(s9, m);
    if (!turn) break;
    s0 = f32x4.add(s0, a);
    s1 = f32x4.add(s1, a);
    s2 = f32x4.add(s2, a);
    s3 = f32x4.add(s3, a);
    s4 = f32x4.add(s4, a);
    s5 = f32x4.add(s5, a);
    s6 = f32x4.add(s6, a);
    s7 = f32x4.add(s7, a);
    s8 = f32x4.add(s8, a);
    s9 = f32x4.add(s9, a);
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
  v128.store(at, f32x4.splat(0.999));
  v128.store(at, f32x4.splat(start), 16);
  const m = v128.load(at);
  const a = v128.load(at, 16);
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
  for (let turn = 1; turn <= turns; turn++) {
    s0 = f32x4.mul(s0, m);
    s1 = f32x4.mul(s1, m);
    s2 = f32x4.mul(s2, m);
    s3 = f32x4.mul(s3, m);
    s4 = f32x4.mul(s4, m);
    s5 = f32x4.mul(s5, m);
    s6 = f32x4.mul(s6, m);
    s7 = f32x4.mul(s7, m);
    s8 = f32x4.mul(s8, m);
    s9 = f32x4.mul(s9, m);
    s10 = f32x4.mul(s10, m);
    if (!turn) break;
    s0 = f32x4.add(s0, a);
    s1 = f32x4.add(s1, a);
    s2 = f32x4.add(s2, a);
    s3 = f32x4.add(s3, a);
    s4 = f32x4.add(s4, a);
    s5 = f32x4.add(s5, a);
    s6 = f32x4.add(s6, a);
    s7 = f32x4.add(s7, a);
    s8 = f32x4.add(s8, a);
    s9 = f32x4.add(s9, a);
    s10 = f32x4.add(s10, a);
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
  v128.store(at, f32x4.splat(0.999));
  v128.store(at, f32x4.splat(start), 16);
  const m = v128.load(at);
  const a = v128.load(at, 16);
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
  for (let turn = 1; turn <= turns; turn++) {
    s0 = f32x4.mul(s0, m);
    s1 = f32x4.mul(s1, m);
    s2 = f32x4.mul(s2, m);
    s3 = f32x4.mul(s3, m);
    s4 = f32x4.mul(s4, m);
    s5 = f32x4.mul(s5, m);
    s6 = f32x4.mul(s6, m);
    s7 = f32x4.mul(s7, m);
    s8 = f32x4.mul(s8, m);
    s9 = f32x4.mul(s9, m);
    s10 = f32x4.mul(s10, m);
    s11 = f32x4.mul(s11, m);
    if (!turn) break;
    s0 = f32x4.add(s0, a);
    s1 = f32x4.add(s1, a);
    s2 = f32x4.add(s2, a);
    s3 = f32x4.add(s3, a);
    s4 = f32x4.add(s4, a);
    s5 = f32x4.add(s5, a);
    s6 = f32x4.add(s6, a);
    s7 = f32x4.add(s7, a);
    s8 = f32x4.add(s8, a);
    s9 = f32x4.add(s9, a);
    s10 = f32x4.add(s10, a);
    s11 = f32x4.add(s11, a);
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
  v128.store(at, f32x4.splat(0.999));
  v128.store(at, f32x4.splat(start), 16);
  const m = v128.load(at);
  const a = v128.load(at, 16);
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
  for (let turn = 1; turn <= turns; turn++) {
    s0 = f32x4.mul(s0, m);
    s1 = f32x4.mul(s1, m);
    s2 = f32x4.mul(s2, m);
    s3 = f32x4.mul(s3, m);
    s4 = f32x4.mul(s4, m);
    s5 = f32x4.mul(s5, m);
    s6 = f32x4.mul(s6, m);
    s7 = f32x4.mul(s7, m);
    s8 = f32x4.mul(s8, m);
    s9 = f32x4.mul(s9, m);
    s10 = f32x4.mul(s10, m);
    s11 = f32x4.mul(s11, m);
    s12 = f32x4.mul(s12, m);
    if (!turn) break;
    s0 = f32x4.add(s0, a);
    s1 = f32x4.add(s1, a);
    s2 = f32x4.add(s2, a);
    s3 = f32x4.add(s3, a);
    s4 = f32x4.add(s4, a);
    s5 = f32x4.add(s5, a);
    s6 = f32x4.add(s6, a);
    s7 = f32x4.add(s7, a);
    s8 = f32x4.add(s8, a);
    s9 = f32x4.add(s9, a);
    s10 = f32x4.add(s10, a);
    s11 = f32x4.add(s11, a);
    s12 = f32x4.add(s12, a);
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
