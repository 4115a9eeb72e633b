// dW where most of dy is zero, as behind a rectifier and a max-pool: of four places that a pool of 2 x 2 has
// seen, three get no gradient.
//
//   entries  room for a list of (places): where the window of a place begins, and what dy is there
//   sums     room for (channels, chunks, 32), the sums of a row of x so far
//   totals   likewise, the sums of the rows before
//
// For each channel of dy the places where it is not zero are listed. Then 32 numbers of their windows, which
// lie beside each other in a run, are summed at a time: a chunk. The sums are those of convolve-weights.ts,
// without what is zero.

import { offsetOf } from './gather-windows';
import { sparseRow } from './sparse-row';
import { Window } from './window';

// Percent of dy that may be something, for lists to be faster. There is room for no more.
// @ts-ignore: decorator
@inline
export const mostSkipped: i32 = 35;

// Whether of these numbers, a multiple of 4 of them, at most so many in a hundred are not zero.
export function mostlyZero(at: usize, count: i32, percent: i32): bool {
  let some = 0;
  for (const end = at + count * 4; at < end; at += 16) {
    some += popcnt(i32x4.bitmask(f32x4.ne(v128.load(at), f32x4.splat(0))));
  }
  return some * 100 <= count * percent;
}

// Numbers of a run of a window.
// @ts-ignore: decorator
@inline
function runOf(w: Window): i32 {
  return (w.dilationX == 1 ? w.kernelWidth : 1) * w.channels;
}

// Chunks of the rows `first` to `first + count` of W: they end where a run ends.
export function chunksOf(w: Window, first: i32, count: i32): i32 {
  const run = runOf(w);
  let chunks = 0;
  for (const end = first + count; first < end; chunks++) first = chunkEnd(first, end, run);
  return chunks;
}

// @ts-ignore: decorator
@inline
function chunkEnd(k: i32, end: i32, run: i32): i32 {
  return min(min(k + 32, (k / run + 1) * run), end);
}

// Adds some lines to the sums of a row. `dy` is (panels, places, 8).
export function sparseLines(
  w: Window, image: usize, columns: i32,
  dy: usize, lines: i32,
  first: i32, count: i32, channels: i32,
  entries: usize, sums: usize,
): void {
  const run = runOf(w);
  const places = lines * w.outWidth;
  const stop = first + count;
  for (let channel = 0; channel < channels; channel++) {
    const end = list(w, columns, dy + ((channel >> 3) * places * 8 + (channel & 7)) * 4, lines, entries);
    let k = first;
    for (let next = chunkEnd(k, stop, run); next < stop; next = chunkEnd(k, stop, run)) {
      addChunk(entries, end, image + offsetOf(w, k, columns), sums);
      sums += 128;
      k = next;
    }
    addChunk(entries, end, image + offsetOf(w, k, columns), sums);
    sums += 128;
  }
}

// Adds a list of rows of 32 numbers. A function of its own, called from several places so that it stays one:
// its loop needs all registers.
export function addChunk(entries: usize, end: usize, image: usize, sums: usize): void {
  sparseRow(entries, end, image, sums, sums);
}

// Returns the end of the list.
function list(w: Window, columns: i32, dy: usize, lines: i32, entry: usize): usize {
  const right = w.strideX * w.channels * 4;
  const nextLine = (w.strideY * columns - w.outWidth * w.strideX) * w.channels * 4;
  let at = 0;
  for (; lines > 0; lines--) {
    for (let left = w.outWidth; left > 0; left--) {
      const value = load<f32>(dy);
      store<i32>(entry, at);
      store<f32>(entry, value, 4);
      // The next entry covers a zero. No branch, which would often be guessed wrong.
      entry += <usize>(value != 0) << 3;
      at += right;
      dy += 32;
    }
    at += nextLine;
  }
  return entry;
}

// Adds the totals to g, (panels, count, 8), for so many channels.
export function writeSparse(
  w: Window, totals: usize,
  first: i32, count: i32, channels: i32,
  g: usize,
): void {
  const run = runOf(w);
  const stop = first + count;
  for (let channel = 0; channel < channels; channel++) {
    let to = g + ((channel >> 3) * count * 8 + (channel & 7)) * 4;
    for (let k = first; k < stop; ) {
      const end = chunkEnd(k, stop, run);
      let from = totals;
      for (; k < end; k++) {
        store<f32>(to, load<f32>(to) + load<f32>(from));
        from += 4;
        to += 32;
      }
      totals += 128;
    }
  }
}
