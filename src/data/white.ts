/**
 * Pixels become bytes: 0 stays 0, and the number of a white pixel becomes 255. Most files have bytes; others
 * have 0 to 1, 0 to 16, or 16 bits.
 */
import { LockstepError } from '../foundation/errors.ts';

/** Numbers that a white pixel may have, if nobody says which: the first that no pixel exceeds. */
const usual = [1, 16, 255, 65_535] as const;

/**
 * The number of a white pixel, by the largest one of the training pictures. Pictures without any white are
 * taken for bytes.
 *
 * @throws LockstepError `data` if the pixels are larger than any format has
 */
export function whiteOf(file: string, largest: number, given: number | undefined): number {
  if (given !== undefined) {
    if (largest <= given) return given;
    throw new LockstepError('data', {
      where: file,
      expected: `pixels of at most ${given}, as data.white says`,
      got: String(largest),
    });
  }
  if (largest === 0) return 255;
  const found = usual.find((white) => largest <= white);
  if (found !== undefined) return found;
  throw new LockstepError('data', {
    where: file,
    expected: 'pixels of 0 to 1, 0 to 255 or 0 to 65535',
    got: String(largest),
    hint: 'if these are pictures, say what a white pixel is with --set data.white=N; else they need a header',
  });
}

/** For people; undefined of bytes. */
export function whiteText(white: number): string | undefined {
  if (white === 255) return undefined;
  return `pixels of 0 to ${white}, scaled to 0 to 255: no training pixel is above ${white}`;
}

/** One pixel as a byte. */
export function byteOf(value: number, white: number): number {
  return white === 255 ? Math.round(value) : Math.round((value * 255) / white);
}

/** Bytes that were read as they are, scaled in place. */
export function scaleBytes(pixels: Uint8Array, white: number): void {
  if (white === 255) return;
  const table = Uint8Array.from({ length: 256 }, (_, value) => Math.min(255, byteOf(value, white)));
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[pixels[i]!]!;
}

/** The largest of some numbers; 0 of none. */
export function largestOf(pixels: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < pixels.length; i++) if (pixels[i]! > largest) largest = pixels[i]!;
  return largest;
}
