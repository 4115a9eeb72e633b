/** What pictures of all formats are refused for. */
import { LockstepError } from '../../foundation/errors.ts';
import { grouped } from '../../foundation/format.ts';
import { limits } from '../../foundation/limits.ts';

export function unreadable(file: string, expected: string, got: string, hint?: string): LockstepError {
  return new LockstepError('data', { where: file, expected, got, ...(hint ? { hint } : {}) });
}

/** Refuses a size that no picture has: a damaged header may claim any. */
export function checkSize(
  file: string,
  what: string,
  height: number,
  width: number,
  most: number = limits.picturePixels,
): void {
  const pixels = `${width} x ${height} pixels`;
  if (height * width === 0 || height * width > most) {
    throw unreadable(file, `${what} of 1 to ${most / 1e6} million pixels`, pixels);
  }
  if (Math.max(height, width) > limits.pictureSide) {
    throw unreadable(file, `${what} of at most ${grouped(limits.pictureSide)} pixels a side`, pixels);
  }
}

/** The first bytes of other formats: people rename pictures. */
const formats: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^\x89PNG\r\n/, 'a PNG image'],
  [/^\xff\xd8\xff/, 'a JPEG image'],
  [/^GIF8/, 'a GIF image'],
  [/^BM/, 'a BMP image'],
  [/^RIFF....WEBP/s, 'a WebP image'],
  [/^(II\*|MM\0\*)/, 'a TIFF image'],
  [/^....ftyp(avif|avis)/s, 'an AVIF image'],
  [/^....ftyp(heic|heix|mif1|msf1|hevc)/s, 'a HEIC image'],
  [/^P[1-6]\s/, 'a PNM image'],
  [/^\s*<(\?xml|svg)/, 'an SVG or XML file'],
  [/^\s*<(!doctype|html)/i, 'a web page'],
];

/** The real format of a file, by its first bytes. */
export function formatOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  const start = String.fromCharCode(...bytes.subarray(0, 32));
  return formats.find(([pattern]) => pattern.test(start))?.[1] ?? 'something else';
}
