// Packs the pixels of an image that are not zero, once for a whole training.
// See docs/kernels.md, "Packed images".
//
//   bytes (pixels)  zero up to a multiple of 64
//   packed          4 bytes for each pair of neighbouring pixels that are not both zero, in order: in the
//                   upper 16 bits the index of the first pixel of the pair that is not zero, then the pixel
//                   after it if it is of the pair, and the pixel itself. They are filled up to a multiple of
//                   four with `nothing`, and one more `nothing` ends the image
//
// A mask stands for 32 pairs, and only its end is a branch that is guessed wrong. Returns where the packed
// image ends.

// No pixel has this index, and both values are zero.
const nothing: u32 = 0xffff0000;

export function packImage(bytes: usize, pixels: usize, packed: usize): usize {
  const begin = packed;
  for (let first: usize = 0; first < pixels; first += 64) {
    let mask = sixteenPairs(bytes) | (sixteenPairs(bytes + 32) << 16);
    while (mask) {
      const i = <usize>ctz(mask) * 2;
      const low = <u32>load<u8>(bytes + i);
      const high = <u32>load<u8>(bytes + i, 1);
      const pixel = <u32>(first + i);
      store<u32>(packed, low ? (pixel << 16) | (high << 8) | low : ((pixel + 1) << 16) | high);
      packed += 4;
      mask &= mask - 1;
    }
    bytes += 64;
  }
  while ((packed - begin) & 15) {
    store<u32>(packed, nothing);
    packed += 4;
  }
  store<u32>(packed, nothing);
  return packed + 4;
}

// Bit i tells whether the i-th of sixteen pairs of bytes has a bit set.
// @ts-ignore: decorator
@inline
function sixteenPairs(at: usize): u32 {
  const zero = i16x8.splat(0);
  const low = i16x8.ne(v128.load(at), zero);
  const high = i16x8.ne(v128.load(at, 16), zero);
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}
