/** From red, green, blue and alpha to the bytes of a sample: whole numbers throughout. */
import type { Picture } from './picture.ts';

/** Whether no pixel has a colour. What cannot be seen has none. */
export function isGrey({ rgba }: Picture): boolean {
  for (let i = 0; i < rgba.length; i += 4) {
    if (rgba[i] !== rgba[i + 1] || rgba[i] !== rgba[i + 2]) {
      if (rgba[i + 3] !== 0) return false;
    }
  }
  return true;
}

/** Whether a pixel lets something through. */
export function isTransparent({ rgba }: Picture): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return true;
  return false;
}

/**
 * The picture laid over white paper, as grey levels or as colours, all channels of a pixel together. A colour
 * becomes the luma of ITU-R BT.601; greys stay as they are. (height, width, channels)
 */
export function flatten({ height, width, rgba }: Picture, channels: 1 | 3): Uint8Array {
  const out = new Uint8Array(height * width * channels);
  for (let i = 0; i < height * width; i++) {
    const alpha = rgba[4 * i + 3]!;
    const over = (level: number) =>
      alpha === 255 ? level : Math.floor((alpha * level + (255 - alpha) * 255 + 127) / 255);
    const [red, green, blue] = [over(rgba[4 * i]!), over(rgba[4 * i + 1]!), over(rgba[4 * i + 2]!)];
    if (channels === 1) {
      out[i] = Math.floor((299 * red + 587 * green + 114 * blue + 500) / 1000);
    } else {
      out[3 * i] = red;
      out[3 * i + 1] = green;
      out[3 * i + 2] = blue;
    }
  }
  return out;
}
