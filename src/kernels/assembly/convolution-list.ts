// Windows of images of one channel, those that see nothing but zeros left out: half of those of a digit.
// Adding 0 w changes no sum, so y is b there, and dW needs nothing of them.
//
//   image    lines of `columns` numbers, the padding of the image included; windows see the first 64 at most
//   list     (places) of each window that sees something: where it begins, in bytes from `image` on, and
//            which place of these `lines` of the output it belongs to

import { copy } from './convolution-sweep';
import { Dense } from './convolution-tile';
import { Window } from './window';

// Returns how many windows there are: at least one, which may see zeros.
export function listPlaces(w: Window, image: usize, columns: i32, lines: i32, list: usize): i32 {
  const first = list;
  for (let line = 0; line < lines; line++) {
    const top = line * w.strideY * columns * 4;
    let seen = seenFrom(w, image + top, columns);
    while (seen != 0) {
      const at = <i32>ctz(seen);
      seen &= seen - 1;
      if (at % w.strideX != 0) continue;
      store<i32>(list, top + at * 4);
      store<i32>(list, line * w.outWidth + at / w.strideX, 4);
      list += 8;
    }
  }
  if (list == first) {
    store<u64>(list, 0);
    list += 8;
  }
  return <i32>(list - first) >> 3;
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

// y = b + windows W for the listed places, y = b for the others of `places`.
export function sweepListed(
  w: Window, image: usize, list: usize, count: i32, places: i32,
  table: usize, runs: i32, steps: i32,
  W: usize, b: usize, bStep: i32,
  y: usize, tile: usize,
): void {
  const panelBytes = w.kernelHeight * w.kernelWidth * 32;
  const place = w.outChannels * 4;
  for (let panel = 0; panel < w.outChannels; panel += 8) {
    const columns = min(w.outChannels - panel, 8);
    if (count < places) rest(list, count, places, b, y, place, columns);
    for (let left = count, at = list; left > 0; left -= 4) {
      const x = image + load<i32>(at);
      const to = y + load<i32>(at, 4) * place;
      let x1 = x;
      let x2 = x;
      let x3 = x;
      if (left >= 4) {
        x1 = image + load<i32>(at, 8);
        x2 = image + load<i32>(at, 16);
        x3 = image + load<i32>(at, 24);
      } else {
        if (left > 1) x1 = image + load<i32>(at, 8);
        if (left > 2) x2 = image + load<i32>(at, 16);
      }
      changetype<Dense>(0).tile(x, x1, x2, x3, table, runs, steps, W, b, tile, 32, columns <= 6);
      copy(tile, to, columns);
      if (left > 1) copy(tile + 32, y + load<i32>(at, 12) * place, columns);
      if (left > 2) copy(tile + 64, y + load<i32>(at, 20) * place, columns);
      if (left > 3) copy(tile + 96, y + load<i32>(at, 28) * place, columns);
      at += 32;
    }
    W += panelBytes;
    b += 8 * bStep;
    y += 32;
  }
}

// The places that are not listed.
function rest(list: usize, count: i32, places: i32, b: usize, y: usize, place: i32, columns: i32): void {
  let listed = load<i32>(list, 4);
  const end = list + count * 8;
  for (let i = 0; i < places; i++) {
    if (i == listed) {
      list += 8;
      listed = list < end ? load<i32>(list, 4) : places;
    } else copy(b, y, columns);
    y += place;
  }
}
