// y = x W + b from lists of what is not zero in the rows of x. The lists are of images (list-images.ts), in
// pieces of a row, or of rows of numbers, a piece of all rows at a time (affine-sparse.ts, and for dx = dy Wᵀ
// transposed-sparse.ts).
//
//   heads  for each row: where the list of each of its pieces begins, and where the last one ends, 4 bytes
//          each
//   list   entries of 8 bytes, (offset of a row of W in its panel, value)
//   W      (panels, fanIn, 32)
//   b      (panels * 32)
//   y      (rows, panels * 32), yStride bytes a row
//
// A piece of W is used for all rows before the next one, and the sums wait in y. See docs/kernels.md, "Lists
// of what is not zero".

import { sixtyFourFloats } from './non-zero';
import { sparseRow } from './sparse-row';

// The most columns of a piece of an image, of which a fifth is not zero.
// @ts-ignore: decorator
@inline
const longestPiece: usize = 448;

// The same of a row of numbers, of which more than half are not zero: 24 KB of a panel.
// @ts-ignore: decorator
@inline
const longestNumbers: usize = 192;

// @ts-ignore: decorator
@inline
function piecesOf(fanIn: usize): usize {
  return (fanIn + longestPiece - 1) / longestPiece;
}

// Columns of a piece of a row of so many, in so many pieces: as even as masks of 64 allow.
// @ts-ignore: decorator
@inline
function evenPiece(fanIn: usize, pieces: usize): usize {
  return ((fanIn + pieces - 1) / pieces + 63) & ~63;
}

// Columns of a piece of an image of so many.
// @ts-ignore: decorator
@inline
export function pieceOf(fanIn: usize): usize {
  return evenPiece(fanIn, piecesOf(fanIn));
}

// Columns of a piece of a row of so many numbers. Below twice the longest, one piece of a panel stays near
// enough, and the sums need not wait.
// @ts-ignore: decorator
@inline
export function pieceOfNumbers(fanIn: usize): usize {
  return evenPiece(fanIn, (fanIn + longestNumbers - 1) / longestNumbers);
}

// Rows whose piece is listed at a time: 32 lists of whole rows of numbers have the same room.
// @ts-ignore: decorator
@inline
export function rowsAtOnce(fanIn: usize): usize {
  return max<usize>(32, min<usize>(128, (32 * fanIn) / pieceOfNumbers(fanIn)));
}

// y = x W + b for images.
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
      const first = part == 0;
      const a = first ? b : y;
      sparsePiece(heads + part * 4, pieces * 4 + 4, W, a, first ? 0 : yStride, y, yStride, rows);
    }
    W += fanIn * 128;
    b += 128;
    y += 128;
  }
}

// y = a + x W for one piece of each row and one panel. Lists begin where the heads say, headStride bytes
// apart, and end where the next head says.
export function sparsePiece(
  head: usize,
  headStride: usize,
  W: usize,
  a: usize,
  aStride: usize,
  y: usize,
  yStride: usize,
  rows: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    sparseRow(load<u32>(head), load<u32>(head, 4), W, a, y);
    head += headStride;
    a += aStride;
    y += yStride;
  }
}

// Makes the lists of `columns` numbers of each row, one after the other, behind their heads. Rows are zero
// past the last number up to a multiple of 32.
// @ts-ignore: decorator
@inline
export function listNumbers(x: usize, xStride: usize, rows: usize, columns: usize, heads: usize): void {
  let entry = heads + ((rows * 4 + 4 + 15) & ~15);
  for (let row: usize = 0; row < rows; row++) {
    store<u32>(heads, entry);
    heads += 4;
    for (let k: usize = 0; k < columns; k += 64) {
      const mask = sixtyFourFloats(x + k * 4, columns - k > 32);
      entry = nonZeros(mask, x + k * 4, k * 128, entry);
    }
    x += xStride;
  }
  store<u32>(heads, entry);
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
