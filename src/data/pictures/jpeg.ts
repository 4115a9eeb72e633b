/**
 * Reads JPEG files, baseline and progressive, grey and colour. What the header claims is checked before the
 * decoder allocates anything. https://www.w3.org/Graphics/JPEG/itu-t81.pdf
 */
import { checkBytes } from '../../foundation/check.ts';
import type { LockstepError } from '../../foundation/errors.ts';
import { decodeJpegBytes } from '../../platform/jpeg-decoder.ts';
import { orientationOf } from './exif.ts';
import { orientPicture, type Picture, type PictureHeader } from './picture.ts';
import { checkSize, formatOf, unreadable } from './refuse.ts';

/** Frames that are not what cameras and programs write, by the second byte of their marker. */
const rareFrames: Readonly<Record<number, string>> = {
  195: 'a lossless one',
  197: 'a hierarchical one',
  198: 'a hierarchical one',
  199: 'a hierarchical one',
  201: 'an arithmetic-coded one',
  202: 'an arithmetic-coded one',
  203: 'an arithmetic-coded one',
  205: 'an arithmetic-coded one',
  206: 'an arithmetic-coded one',
  207: 'an arithmetic-coded one',
};

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/**
 * What the segments before the pixels say. Undefined if `bytes`, the start of a file, end before that.
 *
 * @throws LockstepError `data` if the file is none that can be decoded
 */
export function jpegHeader(bytes: Uint8Array, file: string): PictureHeader | undefined {
  let orientation = 1;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw bad(file, 'a damaged one (no marker where one should be)');
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (length < 2) throw bad(file, 'a damaged one (a segment without length)');
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (at + 2 + length > bytes.length) return undefined;
    if (marker === 0xe1) orientation = orientationOf(segment) ?? orientation;
    if (marker === 0xd9 || marker === 0xda) break;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return frameHeader(marker, segment, orientation, file);
    }
    at += 2 + length;
  }
  if (at + 4 > bytes.length) return undefined;
  throw bad(file, 'a damaged one (pixels without a header)');
}

function frameHeader(marker: number, frame: Uint8Array, orientation: number, file: string): PictureHeader {
  const rare = rareFrames[marker];
  if (rare) throw bad(file, rare, 'a baseline or progressive JPEG image');
  if (frame.length < 6) throw bad(file, 'a damaged one (a short header)');
  const [depth, components] = [frame[0]!, frame[5]!];
  const [height, width] = [(frame[1]! << 8) | frame[2]!, (frame[3]! << 8) | frame[4]!];
  if (depth !== 8) throw bad(file, `one of ${depth} bits`, 'a JPEG image of 8 bits');
  if (components === 4) {
    throw bad(file, 'one in the inks of printers (CMYK)', 'a grey or colour JPEG image', 'convert it to RGB');
  }
  if (components !== 1 && components !== 3) {
    throw bad(file, `one of ${components} colours`, 'a JPEG image of 1 or 3 colours');
  }
  checkSize(file, 'a JPEG image', height, width);
  const turned = orientation > 4;
  return {
    height: turned ? width : height,
    width: turned ? height : width,
    colour: components === 3,
    depth,
    orientation,
  };
}

/** Decodes the bytes of a JPEG file and turns it as its EXIF says. `file` is its name, for messages. */
export async function decodeJpeg(bytes: Uint8Array, file: string): Promise<Picture> {
  checkBytes('bytes', bytes);
  if (!isJpeg(bytes)) throw bad(file, formatOf(bytes));
  const header = jpegHeader(bytes, file);
  if (!header) throw bad(file, 'a damaged one (it ends before its pixels)');
  try {
    const { height, width, data } = await decodeJpegBytes(bytes);
    const rgba = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return orientPicture({ height, width, rgba }, header.orientation);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw bad(file, `a damaged one (${(error as Error).message})`);
  }
}

function bad(file: string, got: string, expected = 'a JPEG image', hint?: string): LockstepError {
  return unreadable(file, expected, got, hint);
}
