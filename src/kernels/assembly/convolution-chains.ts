// The register tile of dW: 4 numbers of a window x 8 channels, summed over places.
//
//   x       (places, 4)  what each place has seen
//   dy      (places, 8)
//   sums, totals  (4, 8)
//
// See convolve-weights.ts, and tile.ts for the order of the lines.

// The sums over the places of 4 numbers x 8 channels, from those in `sums` on, or from 0. They are put there
// again, or at the end added to the totals.
export function chains(
  x: usize, dy: usize, places: usize,
  sums: usize, totals: usize,
  begin: bool, end: bool,
): void {
  if (TURBOFAN) {
    x &= ~3;
    dy &= ~15;
  }
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (!begin) {
    s00 = v128.load(sums);
    s01 = v128.load(sums, 16);
    s10 = v128.load(sums, 32);
    s11 = v128.load(sums, 48);
    s20 = v128.load(sums, 64);
    s21 = v128.load(sums, 80);
    s30 = v128.load(sums, 96);
    s31 = v128.load(sums, 112);
  }
  let d0: v128;
  let d1: v128;
  let v: v128;
  let left: isize = places;
  const last = x + places * 16 - 16;
  while (true) {
    // repeat: k = 0 to 7
    if (!TURBOFAN || left > k) {
      d0 = v128.load(dy, 32 * k);
      d1 = v128.load(dy, 32 * k + 16);
      v = v128.load_splat<f32>(x, 16 * k + 12);
      s30 = f32x4.add(s30, f32x4.mul(v, d0));
      s31 = f32x4.add(s31, f32x4.mul(v, d1));
      v = v128.load_splat<f32>(x, 16 * k + 8);
      s20 = f32x4.add(s20, f32x4.mul(v, d0));
      s21 = f32x4.add(s21, f32x4.mul(v, d1));
      v = v128.load_splat<f32>(x, 16 * k + 4);
      s10 = f32x4.add(s10, f32x4.mul(v, d0));
      s11 = f32x4.add(s11, f32x4.mul(v, d1));
      v = v128.load_splat<f32>(x, 16 * k);
      s00 = f32x4.add(s00, f32x4.mul(v, d0));
      s01 = f32x4.add(s01, f32x4.mul(v, d1));
    }
    if (!TURBOFAN && x == last - 16 * k) break;
    // end of repeat
    x += 128;
    dy += 256;
    left -= 8;
    if (TURBOFAN && left <= 0) break;
  }
  if (TURBOFAN) {
    const none = f32x4.splat(0);
    s00 = v128.or(s00, none);
    s01 = v128.or(s01, none);
    s10 = v128.or(s10, none);
    s11 = v128.or(s11, none);
    s20 = v128.or(s20, none);
    s21 = v128.or(s21, none);
    s30 = v128.or(s30, none);
    s31 = v128.or(s31, none);
  }
  if (end) {
    s00 = f32x4.add(v128.load(totals), s00);
    s01 = f32x4.add(v128.load(totals, 16), s01);
    s10 = f32x4.add(v128.load(totals, 32), s10);
    s11 = f32x4.add(v128.load(totals, 48), s11);
    s20 = f32x4.add(v128.load(totals, 64), s20);
    s21 = f32x4.add(v128.load(totals, 80), s21);
    s30 = f32x4.add(v128.load(totals, 96), s30);
    s31 = f32x4.add(v128.load(totals, 112), s31);
    sums = totals;
  }
  v128.store(sums, s00);
  v128.store(sums, s01, 16);
  v128.store(sums, s10, 32);
  v128.store(sums, s11, 48);
  v128.store(sums, s20, 64);
  v128.store(sums, s21, 80);
  v128.store(sums, s30, 96);
  v128.store(sums, s31, 112);
}

// The sums of one tile: those of `chains`, where each channel is a group.
export function channelChains(
  x0: usize, x1: usize, x2: usize, x3: usize, right: usize, nextLine: usize,
  d: usize, place: usize,
  across: i32, lines: i32,
  sums: usize, totals: usize,
  begin: bool, end: bool,
): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (!begin) {
    s00 = v128.load(sums);
    s01 = v128.load(sums, 16);
    s10 = v128.load(sums, 32);
    s11 = v128.load(sums, 48);
    s20 = v128.load(sums, 64);
    s21 = v128.load(sums, 80);
    s30 = v128.load(sums, 96);
    s31 = v128.load(sums, 112);
  }
  for (; lines > 0; lines--) {
    for (let left = across; left > 0; left--) {
      const d0 = v128.load(d);
      const d1 = v128.load(d, 16);
      s30 = f32x4.add(s30, f32x4.mul(v128.load(x3), d0));
      s31 = f32x4.add(s31, f32x4.mul(v128.load(x3, 16), d1));
      s20 = f32x4.add(s20, f32x4.mul(v128.load(x2), d0));
      s21 = f32x4.add(s21, f32x4.mul(v128.load(x2, 16), d1));
      s10 = f32x4.add(s10, f32x4.mul(v128.load(x1), d0));
      s11 = f32x4.add(s11, f32x4.mul(v128.load(x1, 16), d1));
      s00 = f32x4.add(s00, f32x4.mul(v128.load(x0), d0));
      s01 = f32x4.add(s01, f32x4.mul(v128.load(x0, 16), d1));
      x0 += right;
      x1 += right;
      x2 += right;
      x3 += right;
      d += place;
    }
    x0 += nextLine;
    x1 += nextLine;
    x2 += nextLine;
    x3 += nextLine;
  }
  if (end) {
    s00 = f32x4.add(v128.load(totals), s00);
    s01 = f32x4.add(v128.load(totals, 16), s01);
    s10 = f32x4.add(v128.load(totals, 32), s10);
    s11 = f32x4.add(v128.load(totals, 48), s11);
    s20 = f32x4.add(v128.load(totals, 64), s20);
    s21 = f32x4.add(v128.load(totals, 80), s21);
    s30 = f32x4.add(v128.load(totals, 96), s30);
    s31 = f32x4.add(v128.load(totals, 112), s31);
    sums = totals;
  }
  v128.store(sums, s00);
  v128.store(sums, s01, 16);
  v128.store(sums, s10, 32);
  v128.store(sums, s11, 48);
  v128.store(sums, s20, 64);
  v128.store(sums, s21, 80);
  v128.store(sums, s30, 96);
  v128.store(sums, s31, 112);
}
