// Copies 32 columns of some rows to where the rows follow each other. Rows of wide layers lie in pages of
// their own, more of them than a core finds at once, and their lines in few sets of its cache.
//
//   from (rows, 32)  `stride` bytes a row
//   to   (rows, 32)  128 bytes a row

// Whether a copy pays: rows more than half a page apart, that are read for many features.
// @ts-ignore: decorator
@inline
export function isFar(stride: usize, features: usize): bool {
  return stride > 2048 && features >= 32;
}

export function copyPanel(from: usize, stride: usize, rows: usize, to: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    v128.store(to, v128.load(from, 64), 64);
    v128.store(to, v128.load(from, 80), 80);
    v128.store(to, v128.load(from, 96), 96);
    v128.store(to, v128.load(from, 112), 112);
    from += stride;
    to += 128;
  }
}
