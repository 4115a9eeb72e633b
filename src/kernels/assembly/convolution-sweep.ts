// The tiles of a convolution, over all places of some lines and at most 8 channels.
//
//   image         the window of the first place; the next place's lies `right` bytes further, the next line's
//                 `down`
//   table, runs, steps, W
//                 see convolution-tile.ts
//   b (8)         where the sums of the channels start
//   y             the first place of the output; the next lies yRight bytes further, the next line's yDown
//   first, count  the channels that are stored, of the 8 of a tile
//   tile          scratch for the sums of a tile
//
// Tiles are four places in reading order, across the ends of lines. If there are fewer, the last is computed
// more than once.

export function sweep<Kind>(
  image: usize, right: usize, down: usize,
  across: i32, lines: i32,
  table: usize, runs: usize, steps: usize,
  W: usize, b: usize,
  y: usize, yRight: usize, yDown: usize,
  first: usize, count: usize,
  tile: usize,
): void {
  const a0 = v128.load(b);
  const a1 = v128.load(b, 16);
  const direct = count == 8 && yDown == <usize>across * yRight;
  const nextLine = down - <usize>across * right;
  const nextLineOfY = yDown - <usize>across * yRight;
  let left = across;
  for (let places = across * lines; places > 0; places -= 4) {
    const x = image;
    const y0 = y;
    let x1 = x;
    let x2 = x;
    let x3 = x;
    let y1 = y;
    let y2 = y;
    let y3 = y;
    image += right;
    y += yRight;
    if (--left == 0) {
      left = across;
      image += nextLine;
      y += nextLineOfY;
    }
    if (places > 1) {
      x1 = image;
      y1 = y;
      image += right;
      y += yRight;
      if (--left == 0) {
        left = across;
        image += nextLine;
        y += nextLineOfY;
      }
    }
    if (places > 2) {
      x2 = image;
      y2 = y;
      image += right;
      y += yRight;
      if (--left == 0) {
        left = across;
        image += nextLine;
        y += nextLineOfY;
      }
    }
    if (places > 3) {
      x3 = image;
      y3 = y;
      image += right;
      y += yRight;
      if (--left == 0) {
        left = across;
        image += nextLine;
        y += nextLineOfY;
      }
    }
    const whole = direct && places > 3;
    const to = whole ? y0 : tile;
    const toStride = whole ? yRight : 32;
    changetype<Kind>(0).tile(x, x1, x2, x3, table, runs, steps, W, a0, a1, to, toStride);
    if (!whole) {
      const from = tile + first * 4;
      copy(from, y0, count);
      if (places > 1) copy(from + 32, y1, count);
      if (places > 2) copy(from + 64, y2, count);
      if (places > 3) copy(from + 96, y3, count);
    }
  }
}

// Copies so many numbers, at most 8.
// @ts-ignore: decorator
@inline
export function copy(from: usize, to: usize, count: usize): void {
  if (count == 8) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    return;
  }
  if (count & 4) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  if (count & 2) {
    store<u64>(to, load<u64>(from));
    from += 8;
    to += 8;
  }
  if (count & 1) store<u32>(to, load<u32>(from));
}
