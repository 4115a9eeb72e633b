/**
 * Reads PNG files of every kind: grey, colour or palette, with or without transparency, 1 to 16 bits,
 * interlaced or not.
 *
 * fast-png decodes the file. This file brings all kinds to one. https://www.w3.org/TR/png-3/
 */
import { type DecodedPng, decode } from 'fast-png';
import { checkBytes, checkText } from '../../foundation/check.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { readBytes } from '../../platform/files.ts';
import type { Picture } from './picture.ts';

/** Larger images are no drawings for a small network. A damaged header may also claim any size. */
const mostPixels = 50_000_000;

/** Pixels of the longer side that suffice to show a digit. More only take time. */
const enough = 600;

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/** Reads a PNG file. Throws a LockstepError `data` that names the file. */
export async function readPng(file: string): Promise<Picture> {
  checkText('file', file, 'the path of a PNG file');
  const bytes = await readBytes(file).catch((error: NodeJS.ErrnoException) => {
    throw bad(file, error.code === 'ENOENT' ? 'no such file' : `${error.code}`);
  });
  return decodePng(bytes, file);
}

/** Decodes the bytes of a PNG file. `file` is its name, for messages. */
export function decodePng(bytes: Uint8Array, file: string): Picture {
  checkBytes('bytes', bytes);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!head.subarray(0, 8).equals(signature)) throw bad(file, formatOf(head));
  if (head.length < 33 || head.toString('latin1', 12, 16) !== 'IHDR') throw bad(file, 'one without a header');
  const [width, height, depth] = [head.readUInt32BE(16), head.readUInt32BE(20), head.readUInt8(24)];
  if (width === 0 || height === 0 || width * height > mostPixels) {
    throw bad(file, `${width} x ${height} pixels`, `a PNG image of 1 to ${mostPixels / 1e6} million pixels`);
  }
  if (head.readUInt8(28) === 1 && depth < 8) {
    throw bad(
      file,
      `an interlaced one of ${depth} ${depth === 1 ? 'bit' : 'bits'}`,
      'a PNG image that is not interlaced, or of 8 bits and more',
    );
  }
  let png: DecodedPng;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch (error) {
    throw bad(file, `a damaged one (${(error as Error).message})`);
  }
  return halve({ height, width, rgba: toRgba(png, file) });
}

/** Halves the picture, four pixels to one, until it is no larger than needed. */
function halve(picture: Picture): Picture {
  const [height, width] = [picture.height >> 1, picture.width >> 1];
  if (Math.max(height, width) < enough || Math.min(height, width) === 0) return picture;
  const rgba = new Uint8Array(height * width * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const corners = [0, 1, picture.width, picture.width + 1].map((i) => 2 * y * picture.width + 2 * x + i);
      const alpha = corners.reduce((sum, i) => sum + picture.rgba[4 * i + 3]!, 0);
      for (let c = 0; c < 3; c++) {
        // A pixel's weight is its opacity.
        const sum = corners.reduce((sum, i) => sum + picture.rgba[4 * i + c]! * picture.rgba[4 * i + 3]!, 0);
        rgba[4 * (y * width + x) + c] = alpha > 0 ? Math.round(sum / alpha) : 0;
      }
      rgba[4 * (y * width + x) + 3] = Math.round(alpha / 4);
    }
  }
  return halve({ height, width, rgba });
}

function toRgba({ width, height, depth, channels, data, palette, transparency }: DecodedPng, file: string) {
  const sample = unpacked(data, depth, width * channels, height);
  const most = (1 << depth) - 1;
  const level = (value: number) => Math.round((value * 255) / most);
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const first = i * channels;
    const a = sample[first]!;
    if (palette) {
      const colour = palette[a];
      if (!colour) throw bad(file, `one whose palette lacks colour ${a}`);
      const [red, green, blue, alpha = 255] = colour as [number, number, number, number?];
      rgba.set([red, green, blue, alpha], 4 * i);
      continue;
    }
    const colour = channels < 3 ? [a, a, a] : [a, sample[first + 1]!, sample[first + 2]!];
    // In an image without alpha, one colour may stand for transparent.
    const keyed = transparency?.length
      ? colour.every((v, c) => v === transparency[c % transparency.length])
      : false;
    const alpha = channels % 2 === 0 ? level(sample[first + channels - 1]!) : keyed ? 0 : 255;
    rgba.set([level(colour[0]!), level(colour[1]!), level(colour[2]!), alpha], 4 * i);
  }
  return rgba;
}

/** Unpacks samples of less than 8 bits: the first lies in the high bits, and each line begins a new byte. */
function unpacked(data: ArrayLike<number>, depth: number, perLine: number, lines: number): ArrayLike<number> {
  if (depth >= 8) return data;
  const perByte = 8 / depth;
  const bytesPerLine = Math.ceil(perLine / perByte);
  const samples = new Uint8Array(perLine * lines);
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < perLine; i++) {
      const byte = data[line * bytesPerLine + Math.floor(i / perByte)]!;
      samples[line * perLine + i] = (byte >> (8 - depth * ((i % perByte) + 1))) & ((1 << depth) - 1);
    }
  }
  return samples;
}

/** The real format of a file that is no PNG: people rename pictures. */
function formatOf(head: Buffer): string {
  if (head.length === 0) return 'an empty file';
  const start = head.toString('latin1', 0, 12);
  if (start.startsWith('\xff\xd8\xff')) return 'a JPEG image';
  if (start.startsWith('GIF8')) return 'a GIF image';
  if (start.startsWith('BM')) return 'a BMP image';
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'a WebP image';
  return 'something else';
}

function bad(file: string, got: string, expected = 'a PNG image'): LockstepError {
  return new LockstepError('data', { where: file, expected, got });
}
