// Windows of images of one channel, those that see nothing but zeros left out: half of those of a digit. Adding
// 0 w changes no sum, so y is b there, and dW needs nothing of them.
//
//   image    lines of `columns` numbers, the padding of the image included; windows see the first 64 at most
//   windows  (places, width) the windows that see something, one after the other
//   list     (places) which place of these `lines` of the output each belongs to

import { copy } from './convolution-sweep';
import { Dense } from './convolution-tile';
import { Window } from './window';

// Numbers from one window to the next.
// @ts-ignore: decorator
@inline
export function listedWidth(w: Window): i32 {
  return (w.kernelHeight * w.kernelWidth + 3) & ~3;
}

// Returns how many windows there are: at least one, which may see zeros.
export function listWindows(w: Window, image: usize, columns: i32, lines: i32, windows: usize, list: usize): i32 {
  const width = listedWidth(w) * 4;
  let count = 0;
  for (let line = 0; line < lines; line++) {
    const top = image + line * w.strideY * columns * 4;
    let seen = seenFrom(w, top, columns);
    while (seen != 0) {
      const at = <i32>ctz(seen);
      seen &= seen - 1;
      if (at % w.strideX != 0) continue;
      gather(w, top + at * 4, columns, windows + count * width);
      store<i32>(list + count * 4, line * w.outWidth + at / w.strideX);
      count++;
    }
  }
  if (count > 0) return count;
  gather(w, image, columns, windows);
  store<i32>(list, 0);
  return 1;
}

// A bit for each column that a window can begin with: whether it sees something.
// @ts-ignore: decorator
@inline
function seenFrom(w: Window, top: usize, columns: i32): u64 {
  const down = w.dilationY * columns * 4;
  let some: u64 = 0;
  for (let column = 0; column < min(columns, 64); column += 4) {
    let at = top + column * 4;
    let v = v128.load(at);
    for (let ky = 1; ky < w.kernelHeight; ky++) {
      at += down;
      v = v128.or(v, v128.load(at));
    }
    some |= <u64>i32x4.bitmask(i32x4.ne(v, i32x4.splat(0))) << column;
  }
  if (columns < 64) some &= (<u64>1 << columns) - 1;
  let seen = some;
  for (let kx = 1; kx < w.kernelWidth; kx++) seen |= some >> (kx * w.dilationX);
  const last = (w.outWidth - 1) * w.strideX;
  return last < 63 ? seen & ((<u64>2 << last) - 1) : seen;
}

// One window. What is written beyond a line of it is written over.
// @ts-ignore: decorator
@inline
function gather(w: Window, from: usize, columns: i32, to: usize): void {
  for (let ky = 0; ky < w.kernelHeight; ky++) {
    if (w.dilationX == 1) {
      for (let kx = 0; kx < w.kernelWidth; kx += 4) v128.store(to + kx * 4, v128.load(from + kx * 4));
    } else {
      for (let kx = 0; kx < w.kernelWidth; kx++) store<f32>(to + kx * 4, load<f32>(from + kx * w.dilationX * 4));
    }
    from += w.dilationY * columns * 4;
    to += w.kernelWidth * 4;
  }
}

// y = b + windows W for the listed places, y = b for the others of `places`. `table` has room for a run.
export function sweepListed(
  w: Window, windows: usize, list: usize, count: i32, places: i32,
  table: usize,
  W: usize, b: usize, bStep: i32,
  y: usize, tile: usize,
): void {
  const taps = w.kernelHeight * w.kernelWidth;
  const width = listedWidth(w) * 4;
  const place = w.outChannels * 4;
  store<i32>(table, 0);
  for (let panel = 0; panel < w.outChannels; panel += 8) {
    const columns = min(w.outChannels - panel, 8);
    const six = columns <= 6;
    const from = W + panel * taps * 4;
    const start = b + panel * bStep;
    const to = y + panel * 4;
    if (count < places) rest(list, count, places, start, to, place, columns);
    let x = windows;
    for (let i = 0; i < count; i += 4) {
      const at = list + i * 4;
      const few = min(count - i, 4);
      const x1 = few > 1 ? x + width : x;
      const x2 = few > 2 ? x1 + width : x1;
      const x3 = few > 3 ? x2 + width : x2;
      changetype<Dense>(0).tile(x, x1, x2, x3, table, 1, taps, from, start, tile, 32, six);
      copy(tile, to + load<i32>(at) * place, columns);
      if (few > 1) copy(tile + 32, to + load<i32>(at, 4) * place, columns);
      if (few > 2) copy(tile + 64, to + load<i32>(at, 8) * place, columns);
      if (few > 3) copy(tile + 96, to + load<i32>(at, 12) * place, columns);
      x = x3 + width;
    }
  }
}

// The places that are not listed.
function rest(list: usize, count: i32, places: i32, b: usize, y: usize, place: i32, columns: i32): void {
  let listed = load<i32>(list);
  const end = list + count * 4;
  for (let i = 0; i < places; i++) {
    if (i == listed) {
      list += 4;
      listed = list < end ? load<i32>(list) : places;
    } else copy(b, y, columns);
    y += place;
  }
}
