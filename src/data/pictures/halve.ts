/** Makes a large picture smaller, for the search of ink. */
import type { Picture } from './picture.ts';

/** Pixels of the longer side that suffice to show a digit. More only take time. */
const enough = 600;

/** Halves the picture, four pixels to one, until it is no larger than needed. */
export function halve(picture: Picture): Picture {
  const [height, width] = [picture.height >> 1, picture.width >> 1];
  if (Math.max(height, width) < enough || Math.min(height, width) === 0) return picture;
  const { rgba: from } = picture;
  const rgba = new Uint8Array(height * width * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const first = 4 * (2 * y * picture.width + 2 * x);
      const corners = [first, first + 4, first + 4 * picture.width, first + 4 * picture.width + 4];
      let alpha = 0;
      for (const i of corners) alpha += from[i + 3]!;
      const to = 4 * (y * width + x);
      for (let c = 0; c < 3; c++) {
        // A pixel's weight is its opacity.
        let sum = 0;
        for (const i of corners) sum += from[i + c]! * from[i + 3]!;
        rgba[to + c] = alpha > 0 ? Math.round(sum / alpha) : 0;
      }
      rgba[to + 3] = Math.round(alpha / 4);
    }
  }
  return halve({ height, width, rgba });
}
