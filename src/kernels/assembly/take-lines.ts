// Takes the cache lines of a block of parameters for writing, some microseconds before they are written.
//
//   w  the block: `runs` pieces of `length` floats, `stride` bytes apart
//
// During forward every core reads all weights, so each line lies in several caches, and the first write to it waits
// until the others have given it up. The update writes four vectors a line, and the processor's queue of pending
// writes then holds few lines; one word a line, written while the gradient is still to be summed, lets many of these
// waits run at the same time, behind the arithmetic. The word gets the value it has.

export function takeLines(w: usize, runs: usize, length: usize, stride: usize): void {
  for (let run: usize = 0; run < runs; run++) {
    for (let at = w, end = w + length * 4; at < end; at += 64) store<u32>(at, load<u32>(at));
    w += stride;
  }
}
