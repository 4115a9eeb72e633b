// y = x W + b from lists of what is not zero in the rows of x. The lists are of images (list-images.ts) or of
// rows of numbers (affine-sparse.ts); and dx = dy Wᵀ likewise (transposed-sparse.ts).
//
//   heads  for each row: where the list of each of its pieces begins, and where the last one ends, 4 bytes
//          each
//   list   entries of 8 bytes, (offset of a row of W in its panel, value)
//   W      (panels, fanIn, 32)
//   b      (panels * 32)
//   y      (rows, panels * 32), yStride bytes a row
//
// A piece is at most 448 columns of a row. A piece of W is used for all rows before the next one, and the
// sums wait in y. See docs/kernels.md, "Lists of what is not zero".

import { sixtyFourFloats } from './non-zero';
import { sparseRow } from './sparse-row';

// @ts-ignore: decorator
@inline
const longestPiece: usize = 448;

// @ts-ignore: decorator
@inline
function piecesOf(fanIn: usize): usize {
  return (fanIn + longestPiece - 1) / longestPiece;
}

// Columns of a piece of a row of so many: as even as masks of 64 allow.
// @ts-ignore: decorator
@inline
export function pieceOf(fanIn: usize): usize {
  const pieces = piecesOf(fanIn);
  return ((fanIn + pieces - 1) / pieces + 63) & ~63;
}

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
  const pieces = piecesOf(fanIn);
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

// Makes the lists of rows of numbers, one after the other from `entry` on. Rows are zero past fanIn up to a
// multiple of 32.
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
  const piece = pieceOf(fanIn);
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
  return (rows * (piecesOf(fanIn) + 1) * 4 + 15) & ~15;
}

// Writes (offset + 128 i, x[i]) for every bit i of the mask, and returns the end of the list. A call has many
// bits, because the end of the loop is a branch that is guessed wrong.
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
