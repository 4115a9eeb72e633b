// g = xᵀ dy, or g = g + xᵀ dy, for numbers x of which half or more is zero: the weight gradient of rows
// `first` to `first + count` of W, summed over the rows of the minibatch. The layer follows a rectifier, or
// it is the input layer and the images were distorted.
//
//   x  (rows, fanIn)        row-major, xStride bytes a row; x points at column `first`; readable up to 15
//                           numbers behind the last
//   dy (rows, panels * 32)  row-major, dyStride bytes a row, zero past the last unit
//   g  (panels, count, 32)  the block of the gradient, as the block of W lies in its panels
//   scratch                 a row of zeros, a row of sums, the copy of a panel of dy, where the list of each
//                           feature begins, the lists, then two bytes a row
//
// Each feature has the list of the rows in which it is not zero. Its row of g is then the tile of
// sparse-row.ts, with dy in place of W. If the rows of dy are far apart, a panel of it is first copied to
// where they are not. See docs/kernels.md, "Lists of what is not zero".

import { copyPanel, isFar } from './copy-panel';
import { sixteenFloats } from './non-zero';
import { sparseRow } from './sparse-row';

export function outerSparse(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  rows: usize,
  count: usize,
  columns: usize,
  g: usize,
  add: bool,
  scratch: usize,
): void {
  const panels = (columns + 31) >> 5;
  const zeros = scratch;
  const sums = scratch + 128;
  const copy = scratch + 256;
  const far = isFar(dyStride, count);
  const heads = far ? copy + rows * 128 : copy;
  const entries = heads + ((count * 4 + 4 + 15) & ~15);
  const bits = entries + count * rows * 8;
  nonZeroFeatures(x, xStride, far ? 128 : dyStride, rows, count, heads, entries, bits);
  memory.fill(zeros, 0, 128);
  for (let panel: usize = 0; panel < panels; panel++) {
    let from = dy;
    if (far) {
      copyPanel(dy, dyStride, rows, copy);
      from = copy;
    }
    for (let k: usize = 0; k < count; k++) {
      const list = load<u32>(heads + k * 4);
      const end = load<u32>(heads + k * 4, 4);
      if (add) {
        sparseRow(list, end, from, zeros, sums);
        addRow(g, sums);
      } else {
        sparseRow(list, end, from, zeros, g);
      }
      g += 128;
    }
    dy += 128;
  }
}

// g = g + sums, 32 each.
function addRow(g: usize, sums: usize): void {
  for (let at: usize = 0; at < 128; at += 16) {
    v128.store(g + at, f32x4.add(v128.load(g + at), v128.load(sums + at)));
  }
}

// Makes the lists of features, one after the other from `entry` on. `bits` is room for two bytes a row, and
// 128 more.
// @ts-ignore: decorator
@inline
function nonZeroFeatures(
  x: usize,
  xStride: usize,
  dyStride: usize,
  rows: usize,
  count: usize,
  heads: usize,
  entry: usize,
  bits: usize,
): void {
  memory.fill(bits + rows * 2, 0, 128);
  for (let first: usize = 0; first < count; first += 16) {
    let at = x + first * 4;
    for (let row: usize = 0; row < rows; row++) {
      store<u16>(bits + row * 2, sixteenFloats(at));
      at += xStride;
    }
    const some = min<usize>(count - first, 16);
    for (let feature: usize = 0; feature < some; feature++) {
      store<u32>(heads, entry);
      let values = x + (first + feature) * 4;
      for (let row: usize = 0; row < rows; row += 64) {
        let mask = sixtyFourRows(bits + row * 2, 15 - <i32>feature);
        while (mask) {
          const i = <usize>ctz(mask);
          store<u32>(entry, (row + i) * dyStride);
          store<f32>(entry, load<f32>(values + i * xStride), 4);
          entry += 8;
          mask &= mask - 1;
        }
        values += xStride * 64;
      }
      heads += 4;
    }
  }
  store<u32>(heads, entry);
}

// Bit r is one bit of the r-th of 64 numbers of 16 bits: the one that a shift to the left by `shift` makes
// the sign.
// @ts-ignore: decorator
@inline
function sixtyFourRows(bits: usize, shift: i32): u64 {
  return (
    <u64>sixteenRows(bits, shift) |
    (<u64>sixteenRows(bits + 32, shift) << 16) |
    (<u64>sixteenRows(bits + 64, shift) << 32) |
    (<u64>sixteenRows(bits + 96, shift) << 48)
  );
}

// @ts-ignore: decorator
@inline
function sixteenRows(bits: usize, shift: i32): u32 {
  const low = i16x8.shl(v128.load(bits), shift);
  const high = i16x8.shl(v128.load(bits, 16), shift);
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}
