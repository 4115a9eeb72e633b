// y = a + b, by rows; y may be a or b.
//
//   a, b, y (rows, vectors * 4)  row-major, one stride in bytes for all: they have the same columns

export function add(a: usize, b: usize, y: usize, stride: usize, vectors: usize, rows: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let at: usize = 0, end = vectors * 16; at < end; at += 16) {
      v128.store(y + at, f32x4.add(v128.load(a + at), v128.load(b + at)));
    }
    a += stride;
    b += stride;
    y += stride;
  }
}
