// dx where most of dy is zero and x has few channels, so that a line of a window is a run of some 32 numbers;
// see convolve-backward.ts for the order of the sums, which lack only what is zero.
//
//   frame    room for (lines, columns, channels) that all windows see, and 32 numbers more: dx, with what
//            lies beside the image
//   entries, starts
//            as in convolve-backward-sparse.ts
//   packed   room for (kernel height, chunks, outputs, 32), W for 32 numbers of a line of the window at a
//            time
//
// Each place of dy adds to the window that it has seen, in reading order. So each number of dx is summed in
// the order of the places. Zeros follow the numbers of a line: what lies behind it keeps its sum, unless dy
// is infinite.

import { addChunk } from './convolve-weights-sparse';
import { listPlacesOf } from './convolve-backward-sparse';
import { clear, copyNumbers } from './frame';
import { span, Window } from './window';

// packed[ky][chunk][o][i] = W[ky run + 32 chunk + i][o], or 0 where the run has ended.
export function packScatter(w: Window, W: usize, packed: usize): void {
  const run = w.kernelWidth * w.channels;
  const rows = w.kernelHeight * run;
  for (let ky = 0; ky < w.kernelHeight; ky++) {
    for (let chunk = 0; chunk < run; chunk += 32) {
      const count = min(run - chunk, 32);
      for (let o = 0; o < w.outChannels; o++) {
        let from = W + ((o >> 3) * rows + ky * run + chunk) * 32 + (o & 7) * 4;
        for (let i = 0; i < count; i++) {
          store<f32>(packed, load<f32>(from));
          from += 32;
          packed += 4;
        }
        packed = clear(packed, (32 - count) * 4);
      }
    }
  }
}

// One row of dx.
export function scatterRowBackward(
  w: Window, dy: usize, dx: usize,
  entries: usize, starts: usize, packed: usize, frame: usize,
): void {
  listPlacesOf(w, dy, entries, starts);
  const place = w.channels * 4;
  const run = w.kernelWidth * w.channels;
  const chunkBytes = w.outChannels * 128;
  // What the windows see, and all of the image.
  const lines = max(span(w.outHeight, w.strideY, w.kernelHeight, w.dilationY), w.beforeY + w.height);
  const columns = max(span(w.outWidth, w.strideX, w.kernelWidth, 1), w.beforeX + w.width);
  const line = columns * place;
  clear(frame, lines * line + 128);
  for (let py = 0; py < w.outHeight; py++) {
    let seen = frame + py * w.strideY * line;
    for (let px = 0; px < w.outWidth; px++) {
      const entry = load<usize>(starts);
      starts += 4;
      const end = load<usize>(starts);
      if (entry != end) {
        let W = packed;
        let to = seen;
        for (let ky = 0; ky < w.kernelHeight; ky++) {
          for (let chunk = 0; chunk < run; chunk += 32) {
            addChunk(entry, end, W, to + chunk * 4);
            W += chunkBytes;
          }
          to += w.dilationY * line;
        }
      }
      seen += w.strideX * place;
    }
  }
  let from = frame + w.beforeY * line + w.beforeX * place;
  for (let y = 0; y < w.height; y++) {
    dx = copyNumbers(from, dx, w.width * place);
    from += line;
  }
}
