// What the tiles of dW read: of dy eight channels of each place, of x four numbers of each place's window,
// one after the other.

import { Window } from './window';

// to = dy, (panels, places, 8). What is not a channel is no zero: `write` leaves it out.
export function gatherGradient(dy: usize, place: usize, places: i32, panels: i32, to: usize): void {
  for (let panel = 0; panel < panels; panel++) {
    let from = dy + panel * 32;
    for (let left = places; left > 0; left--) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += place;
      to += 32;
    }
  }
}

// The same, of the listed places.
export function gatherListed(dy: usize, place: usize, list: usize, count: i32, panels: i32, to: usize): void {
  for (let panel = 0; panel < panels; panel++) {
    for (let i = 0; i < count; i++) {
      const from = dy + panel * 32 + <usize>load<i32>(list + i * 8, 4) * place;
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      to += 32;
    }
  }
}

// Bytes from where a window begins to its number k, of the first group.
// @ts-ignore: decorator
@inline
export function offsetOf(w: Window, k: i32, columns: i32): i32 {
  const inputs = w.channels / w.groups;
  const tap = k / inputs;
  const ky = tap / w.kernelWidth;
  const kx = tap % w.kernelWidth;
  return ((ky * w.dilationY * columns + kx * w.dilationX) * w.channels + (k % inputs)) * 4;
}

// to = what the places have seen, (places, 4): the numbers k to k + 3 of their windows, where there are that
// many; what stands for the others is never used. Four numbers lie beside each other, or they lie in two
// runs: then both are read, as if each had all four, and `mask` says which of them the second has; or anyhow.
class Four {
  // @ts-ignore: decorator
  @inline
  put(at: usize, o1: i32, o2: i32, o3: i32, _: v128, to: usize): void {
    store<f32>(to, load<f32>(at));
    store<f32>(to, load<f32>(at + o1), 4);
    store<f32>(to, load<f32>(at + o2), 8);
    store<f32>(to, load<f32>(at + o3), 12);
  }
}

class OfTwoRuns {
  // @ts-ignore: decorator
  @inline
  put(at: usize, _: i32, __: i32, o3: i32, mask: v128, to: usize): void {
    v128.store(to, v128.bitselect(v128.load(at + o3 - 12), v128.load(at), mask));
  }
}

class OfOneRun {
  // @ts-ignore: decorator
  @inline
  put(at: usize, _: i32, __: i32, ___: i32, ____: v128, to: usize): void {
    v128.store(to, v128.load(at));
  }
}

export function gatherWindows(
  w: Window, image: usize, columns: i32, lines: i32,
  list: usize, listed: i32,
  k: i32, end: i32,
  to: usize,
): void {
  const o0 = offsetOf(w, k, columns);
  const o1 = offsetOf(w, min(k + 1, end - 1), columns) - o0;
  const o2 = offsetOf(w, min(k + 2, end - 1), columns) - o0;
  const o3 = offsetOf(w, min(k + 3, end - 1), columns) - o0;
  const at = image + o0;
  // What a second run has: the last one, two or three.
  const mask = i32x4(0, o1 == 4 ? 0 : -1, o1 == 4 && o2 == 8 ? 0 : -1, -1);
  const run = o1 == 4 && o2 == 8 && o3 == 12;
  const two = o1 == 4 ? o2 == 8 || o3 == o2 + 4 : o2 == o1 + 4 && o3 == o2 + 4;
  if (run) gatherAs<OfOneRun>(w, at, columns, lines, list, listed, o1, o2, o3, mask, to);
  else if (two) gatherAs<OfTwoRuns>(w, at, columns, lines, list, listed, o1, o2, o3, mask, to);
  else gatherAs<Four>(w, at, columns, lines, list, listed, o1, o2, o3, mask, to);
}

function gatherAs<Kind>(
  w: Window, at: usize, columns: i32, lines: i32,
  list: usize, listed: i32,
  o1: i32, o2: i32, o3: i32, mask: v128,
  to: usize,
): void {
  const kind = changetype<Kind>(0);
  if (list != 0) {
    for (; listed > 0; listed--) {
      kind.put(at + load<i32>(list), o1, o2, o3, mask, to);
      list += 8;
      to += 16;
    }
    return;
  }
  const right = w.strideX * w.channels * 4;
  const nextLine = (w.strideY * columns - w.outWidth * w.strideX) * w.channels * 4;
  for (; lines > 0; lines--) {
    for (let left = w.outWidth; left > 0; left--) {
      kind.put(at, o1, o2, o3, mask, to);
      at += right;
      to += 16;
    }
    at += nextLine;
  }
}
