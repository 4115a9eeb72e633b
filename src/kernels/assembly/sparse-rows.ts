// y = x W + b from lists of what is not zero in the rows of x; by itself for images, whose lists list-images.ts makes, and
// for numbers after affine-sparse.ts has listed them.
//
//   heads  for each row: where the list of each of its pieces begins, and where the last one ends, 4 bytes each
//   list   entries of 8 bytes, (offset of a row of W in its panel, value)
//   W      (panels, fanIn, 32)
//   b      (panels * 32)
//   y      (rows, panels * 32), yStride bytes a row
//
// A row is listed in pieces of 448 columns: as much of a panel of W as is mostly used for images lies in a level-1 cache, so a
// piece of W goes with all rows before the next one comes, and the sums wait in y. Every sum starts at b and runs up
// the contracted index, as in affine.ts.
//
// 1 row x 32 columns, 8 sums, stay in registers: an entry is 1 number of x and 8 vectors of W for 8 multiplications
// and additions. An `if` for each entry and the last vector first keep each load beside its multiplication, see tile.ts; otherwise V8
// loads all vectors first and keeps sums in memory. 16 columns in one piece took a tenth longer: their 4 sums wait for each other.
//
// Measured for 64 rows of MNIST x 128 columns on a Zen 4 core: 67 µs, and 11 for the lists of pixels: 31 GFLOP/s of useful work,
// 165 if the zeros were counted.

// @ts-ignore: decorator
@inline
export const piece: usize = 448;

export function sparseRows(
  heads: usize,
  W: usize,
  fanIn: usize,
  panels: usize,
  b: usize,
  y: usize,
  yStride: usize,
  rows: usize,
): void {
  const pieces = (fanIn + piece - 1) / piece;
  for (let panel: usize = 0; panel < panels; panel++) {
    for (let part: usize = 0; part < pieces; part++) {
      let head = heads + part * 4;
      let sums = y;
      for (let row: usize = 0; row < rows; row++) {
        sparseRow(load<u32>(head), load<u32>(head, 4), W, part == 0 ? b : sums, sums);
        head += pieces * 4 + 4;
        sums += yStride;
      }
    }
    W += fanIn * 128;
    b += 128;
    y += 128;
  }
}

// y = a + x W for the entries of one list and one panel.
// @ts-ignore: decorator
@inline
function sparseRow(entry: usize, end: usize, W: usize, a: usize, y: usize): void {
  let s0 = v128.load(a);
  let s1 = v128.load(a, 16);
  let s2 = v128.load(a, 32);
  let s3 = v128.load(a, 48);
  let s4 = v128.load(a, 64);
  let s5 = v128.load(a, 80);
  let s6 = v128.load(a, 96);
  let s7 = v128.load(a, 112);
  let w: usize;
  let v: v128;
  while (entry != end) {
    // repeat: k = 0 to 1
    if (entry < end) {
      w = W + load<u32>(entry);
      v = v128.load_splat<f32>(entry, 4);
      s7 = f32x4.add(s7, f32x4.mul(v, v128.load(w, 112)));
      s6 = f32x4.add(s6, f32x4.mul(v, v128.load(w, 96)));
      s5 = f32x4.add(s5, f32x4.mul(v, v128.load(w, 80)));
      s4 = f32x4.add(s4, f32x4.mul(v, v128.load(w, 64)));
      s3 = f32x4.add(s3, f32x4.mul(v, v128.load(w, 48)));
      s2 = f32x4.add(s2, f32x4.mul(v, v128.load(w, 32)));
      s1 = f32x4.add(s1, f32x4.mul(v, v128.load(w, 16)));
      s0 = f32x4.add(s0, f32x4.mul(v, v128.load(w)));
      entry += 8;
    }
    // end of repeat
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
  v128.store(y, s4, 64);
  v128.store(y, s5, 80);
  v128.store(y, s6, 96);
  v128.store(y, s7, 112);
}

// Makes the lists of rows of numbers, one after the other from `entry` on. Rows are zero past fanIn up to a multiple of 32.
// @ts-ignore: decorator
@inline
export function nonZeroRows(
  x: usize,
  xStride: usize,
  rows: usize,
  fanIn: usize,
  heads: usize,
  entry: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let first: usize = 0; first < fanIn; first += piece) {
      store<u32>(heads, entry);
      heads += 4;
      const end = min<usize>(fanIn, first + piece);
      for (let k = first; k < end; k += 64) {
        const mask = sixtyFourFloats(x + k * 4, end - k > 32);
        entry = nonZeros(mask, x + k * 4, k * 128, entry);
      }
    }
    store<u32>(heads, entry);
    heads += 4;
    x += xStride;
  }
}

// Bytes of the heads of so many rows.
// @ts-ignore: decorator
@inline
export function headsSize(rows: usize, fanIn: usize): usize {
  return (rows * ((fanIn + piece - 1) / piece + 1) * 4 + 15) & ~15;
}

// Writes (offset + 128 i, x[i]) for every bit i of the mask, and returns the list's end. Many bits a call, because the end of
// the loop is a branch that is guessed wrong.
// @ts-ignore: decorator
@inline
function nonZeros(mask: u64, x: usize, offset: usize, entry: usize): usize {
  while (mask) {
    const i = <usize>ctz(mask);
    store<u32>(entry, offset + i * 128);
    store<f32>(entry, load<f32>(x + i * 4), 4);
    entry += 8;
    mask &= mask - 1;
  }
  return entry;
}

// Bit i tells whether the i-th of 64 floats, or of 32, is not zero.
// @ts-ignore: decorator
@inline
function sixtyFourFloats(at: usize, all: bool): u64 {
  const low = <u64>(sixteenFloats(at) | (sixteenFloats(at + 64) << 16));
  if (!all) return low;
  return low | (<u64>(sixteenFloats(at + 128) | (sixteenFloats(at + 192) << 16)) << 32);
}

// @ts-ignore: decorator
@inline
function sixteenFloats(at: usize): u32 {
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
