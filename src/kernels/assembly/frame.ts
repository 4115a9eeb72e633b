// Lines of an image with zeros where its padding is, so that no window of a convolution ends at an edge.
//
//   image (height, width, place)  `place` bytes for the channels of a place
//   to    (lines, columns, place) from line `firstLine` and column `firstColumn` of the image on, which may
//                                 be negative

export function frame(
  image: usize,
  height: i32,
  width: i32,
  place: i32,
  firstLine: i32,
  lines: i32,
  firstColumn: i32,
  columns: i32,
  to: usize,
): void {
  const before = min(max(-firstColumn, 0), columns);
  const skipped = max(firstColumn, 0);
  const inside = max(min(width - skipped, columns - before), 0);
  const after = columns - before - inside;
  for (let line = firstLine; line < firstLine + lines; line++) {
    if (line < 0 || line >= height) {
      to = clear(to, columns * place);
    } else {
      to = clear(to, before * place);
      to = copyNumbers(image + (line * width + skipped) * place, to, inside * place);
      to = clear(to, after * place);
    }
  }
}

// Whether the lines and columns lie in the image already.
// @ts-ignore: decorator
@inline
export function framed(
  height: i32, width: i32,
  firstLine: i32, lines: i32,
  firstColumn: i32, columns: i32,
): bool {
  return firstLine >= 0 && firstLine + lines <= height && firstColumn >= 0 && firstColumn + columns <= width;
}

// Both return the end of what they have written.
// @ts-ignore: decorator
@inline
export function copyNumbers(from: usize, to: usize, bytes: i32): usize {
  for (; bytes >= 16; bytes -= 16) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  for (; bytes > 0; bytes -= 4) {
    store<f32>(to, load<f32>(from));
    from += 4;
    to += 4;
  }
  return to;
}

// @ts-ignore: decorator
@inline
export function clear(to: usize, bytes: i32): usize {
  for (; bytes >= 16; bytes -= 16) {
    v128.store(to, f32x4.splat(0));
    to += 16;
  }
  for (; bytes > 0; bytes -= 4) {
    store<f32>(to, 0);
    to += 4;
  }
  return to;
}
