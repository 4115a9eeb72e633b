// y = a + b, by rows; y may be a or b.
//
//   a, b, y (rows, columns)  row-major, padded to whole vectors, one stride in bytes for all three

export function add(a: usize, b: usize, y: usize, stride: usize, columns: usize, rows: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let at: usize = 0, end = columns * 4; at < end; at += 16) {
      v128.store(y + at, f32x4.add(v128.load(a + at), v128.load(b + at)));
    }
    a += stride;
    b += stride;
    y += stride;
  }
}
