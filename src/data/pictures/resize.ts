/**
 * Gives pictures another size. Where there are fewer pixels than before, each is the mean of the area that it
 * covers; where there are more, each lies between its two neighbours (bilinear). Height and width are taken
 * by themselves. Weights are whole numbers and every sum is exact, so a picture gives the same bytes
 * everywhere.
 */
import type { Shape } from './picture.ts';

/** The old pixels that make one new pixel of a row or column, with their weights. */
interface Taps {
  first: number;
  weights: number[];
}

/**
 * What each of `count` new pixels is made of, from `size` old ones. The weights of each have the sum `total`.
 */
function tapsOf(size: number, count: number): { taps: Taps[]; total: number } {
  if (count <= size) {
    // An old pixel is `count` wide, and a new one `size`.
    const taps = Array.from({ length: count }, (_, i) => {
      const [from, to] = [i * size, (i + 1) * size];
      const first = Math.floor(from / count);
      const weights: number[] = [];
      for (let k = first; k * count < to; k++) {
        weights.push(Math.min(to, (k + 1) * count) - Math.max(from, k * count));
      }
      return { first, weights };
    });
    return { taps, total: size };
  }
  // The middle of a new pixel, from the middle of the first old one, where an old one is `2 count` wide.
  const taps = Array.from({ length: count }, (_, i) => {
    const at = Math.max(0, Math.min(2 * count * (size - 1), (2 * i + 1) * size - count));
    const first = Math.floor(at / (2 * count));
    const beyond = at - first * 2 * count;
    return { first, weights: beyond === 0 ? [2 * count] : [2 * count - beyond, beyond] };
  });
  return { taps, total: 2 * count };
}

/**
 * Writes a picture in another size.
 *
 * @param pixels bytes, row-major, all channels of a pixel together (from.height, from.width, channels)
 * @param into (to.height, to.width, channels)
 */
export function resizePixels(
  pixels: Uint8Array,
  from: Shape,
  into: Uint8Array,
  to: Shape,
  channels: number,
): void {
  const rows = tapsOf(from.height, to.height);
  const columns = tapsOf(from.width, to.width);
  const total = rows.total * columns.total;
  const line = new Float64Array(from.width * channels);
  for (let y = 0; y < to.height; y++) {
    const { first: top, weights: down } = rows.taps[y]!;
    line.fill(0);
    for (const [k, weight] of down.entries()) {
      const start = (top + k) * line.length;
      for (let i = 0; i < line.length; i++) line[i]! += weight * pixels[start + i]!;
    }
    for (let x = 0; x < to.width; x++) {
      const { first: left, weights: across } = columns.taps[x]!;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const [k, weight] of across.entries()) sum += weight * line[(left + k) * channels + c]!;
        // Rounded to the nearest, a half up.
        into[(y * to.width + x) * channels + c] = Math.floor((2 * sum + total) / (2 * total));
      }
    }
  }
}
