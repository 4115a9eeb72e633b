// Takes the cache lines of a block of parameters for writing, some microseconds before they are written.
//
//   w  the block: `runs` pieces of `length` floats, `stride` bytes apart
//
// One word a line is written, with the value that it has. The wait until other cores have given up the line
// then passes behind the arithmetic. See docs/kernels.md, "Updates".

export function takeLines(w: usize, runs: usize, length: usize, stride: usize): void {
  for (let run: usize = 0; run < runs; run++) {
    for (let at = w, end = w + length * 4; at < end; at += 64) store<u32>(at, load<u32>(at));
    w += stride;
  }
}
