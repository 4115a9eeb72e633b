/** Small pictures in a terminal: two pixels a character, one above the other. */
import type { Shape } from '../data/pictures/picture.ts';

/** By ink above and below: none, above, below, both. */
const halves = [' ', '▀', '▄', '█'];

/** For terminals without such characters, from paper to ink; a character is the mean of two pixels. */
const shades = ' .:-=+*#%@';

/**
 * The picture as lines of `width` characters, without the empty ones above and below.
 *
 * @param pixels 0 is paper, 255 ink (height * width)
 */
export function pixelArt(pixels: Uint8Array, { height, width }: Shape, unicode: boolean): string[] {
  const lines: string[] = [];
  const at = (y: number, x: number) => (y < height ? pixels[y * width + x]! : 0);
  for (let y = 0; y < height; y += 2) {
    let line = '';
    for (let x = 0; x < width; x++) {
      const [above, below] = [at(y, x), at(y + 1, x)];
      const shade = Math.floor(((above + below) / 511) * shades.length);
      line += unicode ? halves[(above >= 96 ? 1 : 0) + (below >= 96 ? 2 : 0)] : shades[shade];
    }
    lines.push(line);
  }
  const inked = lines.map((line) => line.trim() !== '');
  return lines.slice(inked.indexOf(true), inked.lastIndexOf(true) + 1);
}
