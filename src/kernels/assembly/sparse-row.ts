// The register tile of the sparse products: one row x 32 columns of  y = a + x W, from a list of what is not
// zero in x.
//
//   entry, end  the list: entries of 8 bytes, (offset of a row of W from `W`, value)
//   W           rows of 32 columns, wherever the entries say
//   a, y        32 each; y may be a
//
// The `if` and the order of the lines are for V8.
// See docs/kernels.md, "Lists of what is not zero" and "V8's two compilers".

// y = a + x W for the entries of one list and one panel.
// @ts-ignore: decorator
@inline
export function sparseRow(entry: usize, end: usize, W: usize, a: usize, y: usize): void {
  let s0 = v128.load(a);
  let s1 = v128.load(a, 16);
  let s2 = v128.load(a, 32);
  let s3 = v128.load(a, 48);
  let s4 = v128.load(a, 64);
  let s5 = v128.load(a, 80);
  let s6 = v128.load(a, 96);
  let s7 = v128.load(a, 112);
  let w: usize;
  let v: v128;
  while (entry != end) {
    // repeat: k = 0 to 1
    if (entry < end) {
      w = W + load<u32>(entry);
      v = v128.load_splat<f32>(entry, 4);
      s7 = f32x4.add(s7, f32x4.mul(v, v128.load(w, 112)));
      s6 = f32x4.add(s6, f32x4.mul(v, v128.load(w, 96)));
      s5 = f32x4.add(s5, f32x4.mul(v, v128.load(w, 80)));
      s4 = f32x4.add(s4, f32x4.mul(v, v128.load(w, 64)));
      s3 = f32x4.add(s3, f32x4.mul(v, v128.load(w, 48)));
      s2 = f32x4.add(s2, f32x4.mul(v, v128.load(w, 32)));
      s1 = f32x4.add(s1, f32x4.mul(v, v128.load(w, 16)));
      s0 = f32x4.add(s0, f32x4.mul(v, v128.load(w)));
      entry += 8;
    }
    // end of repeat
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
  v128.store(y, s4, 64);
  v128.store(y, s5, 80);
  v128.store(y, s6, 96);
  v128.store(y, s7, 112);
}
