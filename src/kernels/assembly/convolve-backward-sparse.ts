// dx where most of dy is zero, as behind a rectifier and a max-pool; see convolve-backward.ts for the order
// of the sums, which lack only what is zero.
//
//   entries  room for the lists of all places of a row of dy: which of the channels there are not zero
//   starts   room for (places + 1), where they begin
//   packed   room for (chunks, taps, outputs, 32), W for 32 inputs at a time
//
// For each place of x, the lists of the places that see it are summed one after the other.

import { addChunk } from './convolve-weights-sparse';
import { copy } from './convolution-sweep';
import { transpose4x4 } from './transpose';
import { Window } from './window';

// Where the sums of 32 inputs lie, from the window on.
// @ts-ignore: decorator
@inline
const sumsAt: usize = 256;

// packed[chunk][tap][o][i] = W[tap inputs + 32 chunk + i][o]; beyond the inputs it may be anything.
export function packSparse(w: Window, W: usize, packed: usize): void {
  const taps = w.kernelHeight * w.kernelWidth;
  const rows = taps * w.channels;
  for (let chunk = 0; chunk < w.channels; chunk += 32) {
    const inputs = min(w.channels - chunk, 32);
    for (let tap = 0; tap < taps; tap++) {
      const row = W + (tap * w.channels + chunk) * 32;
      for (let o = 0; o < w.outChannels; o += 4) {
        const from = row + (o >> 3) * rows * 32 + (o & 7) * 4;
        if (o + 4 <= w.outChannels && (inputs & 3) == 0) {
          for (let i = 0; i < inputs; i += 4) transpose4x4(from + i * 32, 32, packed + i * 4, 128);
        } else {
          for (let i = 0; i < inputs; i++) {
            for (let j = 0; j < min(w.outChannels - o, 4); j++) {
              store<f32>(packed + j * 128 + i * 4, load<f32>(from + i * 32 + j * 4));
            }
          }
        }
        packed += min(w.outChannels - o, 4) * 128;
      }
    }
  }
}

// The lists of a row of dy.
export function listPlacesOf(w: Window, dy: usize, entries: usize, starts: usize): void {
  let entry = entries;
  for (let left = w.outHeight * w.outWidth; left > 0; left--) {
    store<usize>(starts, entry);
    starts += 4;
    const end = w.outChannels * 128;
    for (let offset = 0; offset < end; offset += 128) {
      const value = load<f32>(dy);
      store<i32>(entry, offset);
      store<f32>(entry, value, 4);
      // The next entry covers a zero. No branch, which would often be guessed wrong.
      entry += <usize>(value != 0) << 3;
      dy += 4;
    }
  }
  store<usize>(starts, entry);
}

// One row of dx.
export function sparseRowBackward(
  w: Window, dy: usize, dx: usize,
  entries: usize, starts: usize, packed: usize,
  scratch: usize,
): void {
  listPlacesOf(w, dy, entries, starts);
  const tapBytes = w.outChannels * 128;
  const chunkBytes = w.kernelHeight * w.kernelWidth * tapBytes;
  const sums = scratch + sumsAt;
  for (let y = 0; y < w.height; y++) {
    for (let x = 0; x < w.width; x++) {
      for (let chunk = 0; chunk < w.channels; chunk += 32) {
        for (let i: usize = 0; i < 128; i += 16) v128.store(sums + i, f32x4.splat(0));
        addTaps(w, y, x, starts, packed + (chunk >> 5) * chunkBytes, tapBytes, sums);
        let inputs = min(w.channels - chunk, 32);
        let from = sums;
        for (; inputs >= 8; inputs -= 8) {
          copy(from, dx, 8);
          from += 32;
          dx += 32;
        }
        copy(from, dx, inputs);
        dx += inputs * 4;
      }
    }
  }
}

// Adds what the places that see (y, x) have to give, in reading order: the last tap first.
// @ts-ignore: decorator
@inline
function addTaps(w: Window, y: i32, x: i32, starts: usize, packed: usize, tapBytes: i32, sums: usize): void {
  for (let ky = w.kernelHeight - 1; ky >= 0; ky--) {
    const down = y + w.beforeY - ky * w.dilationY;
    if (down < 0 || down % w.strideY != 0 || down >= w.outHeight * w.strideY) continue;
    const line = (down / w.strideY) * w.outWidth;
    for (let kx = w.kernelWidth - 1; kx >= 0; kx--) {
      const right = x + w.beforeX - kx * w.dilationX;
      if (right < 0 || right % w.strideX != 0 || right >= w.outWidth * w.strideX) continue;
      const at = starts + (line + right / w.strideX) * 4;
      addChunk(load<usize>(at), load<usize>(at, 4), packed + (ky * w.kernelWidth + kx) * tapBytes, sums);
    }
  }
}
