/** Small pictures in a terminal. Each character shows two pixels, one above the other. */
import type { Shape } from '../data/pictures/picture.ts';

/** Characters for ink nowhere, above, below, and in both halves. */
const halves = [' ', '▀', '▄', '█'];

/** From paper to ink, for terminals without those characters. Each shows the mean of two pixels. */
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
