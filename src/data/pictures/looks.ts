/** How a grey picture looks: the level of its ground, and how much ink lies on it, and where. */
import type { Shape } from './picture.ts';

/** The paper and the ink of the pictures that this one is compared with. */
export interface Levels {
  paper: number;
  ink: number;
}

export interface Looks {
  /** Level of the ground, from the edges. */
  ground: number;
  /** How far the farthest ink is from the paper, in levels; 0 without ink. */
  contrast: number;
  /** Size of the box around the ink, the larger of its shares of the height and of the width; 0 without. */
  box: number;
  /** How far the ink's centre of mass is from the middle, as a share of the height or the width. */
  off: number;
}

/** Levels within this share of the contrast are taken for the same. */
export const alike = 0.12;

/** Ink counts from `alike` of the contrast. Only what is on the ink's side of the paper is ink. */
export function looksOf(pixels: Uint8Array, { height, width }: Shape, { paper, ink }: Levels): Looks {
  const sign = ink > paper ? 1 : -1;
  // A whole number, since most pixels are looked at and left.
  const least = Math.floor(alike * Math.abs(ink - paper));
  let contrast = 0;
  let mass = 0;
  let down = 0;
  let across = 0;
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let inRow = 0;
    for (let x = 0; x < width; x++) {
      const value = sign * (pixels[row + x]! - paper);
      if (value <= least) continue;
      if (value > contrast) contrast = value;
      inRow += value;
      across += x * value;
      if (x < left) left = x;
      if (x > right) right = x;
    }
    if (inRow === 0) continue;
    mass += inRow;
    down += y * inRow;
    top = Math.min(top, y);
    bottom = y;
  }
  const ground = groundOf(pixels, { height, width });
  if (mass === 0) return { ground, contrast, box: 0, off: 0 };
  const box = Math.max((bottom - top + 1) / height, (right - left + 1) / width);
  const [middle, centre] = [(down / mass + 0.5) / height, (across / mass + 0.5) / width];
  return { ground, contrast, box, off: Math.max(Math.abs(middle - 0.5), Math.abs(centre - 0.5)) };
}

const counts = new Uint32Array(256);

/** The median of the levels along the four edges; of the two in the middle, the larger. */
export function groundOf(pixels: Uint8Array, { height, width }: Shape): number {
  counts.fill(0);
  for (let x = 0; x < width; x++) {
    counts[pixels[x]!]!++;
    counts[pixels[(height - 1) * width + x]!]!++;
  }
  for (let y = 0; y < height; y++) {
    counts[pixels[y * width]!]!++;
    counts[pixels[y * width + width - 1]!]!++;
  }
  let left = height + width;
  for (let level = 0; level < 256; level++) {
    if (counts[level]! > left) return level;
    left -= counts[level]!;
  }
  return 255;
}
