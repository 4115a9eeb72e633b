/**
 * Reads PNG files of every kind: grey, colour or palette, with or without transparency, 1 to 16 bits,
 * interlaced or not.
 *
 * fast-png decodes the file. This file brings all kinds to one. https://www.w3.org/TR/png-3/
 */
import { type DecodedPng, decode } from 'fast-png';
import { checkBytes, checkText } from '../../foundation/check.ts';
import type { LockstepError } from '../../foundation/errors.ts';
import { grouped } from '../../foundation/format.ts';
import { limits } from '../../foundation/limits.ts';
import { readBytes } from '../../platform/files.ts';
import { halve } from './halve.ts';
import type { Picture, PictureHeader } from './picture.ts';
import { essentialPng, isKnownForm, unpackedBytes } from './png-chunks.ts';
import { checkSize, formatOf, unreadable } from './refuse.ts';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/** Bytes of the signature and the header. */
const headerBytes = 33;

/** Reads a PNG file. Throws a LockstepError `data` that names the file. */
export async function readPng(file: string): Promise<Picture> {
  checkText('file', file, 'the path of a PNG file');
  const bytes = await readBytes(file).catch((error: NodeJS.ErrnoException) => {
    throw bad(file, error.code === 'ENOENT' ? 'no such file' : `${error.code}`);
  });
  return decodePng(bytes, file);
}

/** Decodes the bytes of a PNG file, halved until it is no larger than needed. `file` is for messages. */
export function decodePng(bytes: Uint8Array, file: string): Picture {
  return halve(decodeWholePng(bytes, file));
}

export function isPng(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

/** What the header says. Throws a LockstepError `data` if the file is none that can be decoded. */
export function pngHeader(bytes: Uint8Array, file: string): PictureHeader {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isPng(head)) throw bad(file, formatOf(head));
  if (head.length < headerBytes || head.toString('latin1', 12, 16) !== 'IHDR') {
    throw bad(file, 'one without a header');
  }
  const [width, height, depth] = [head.readUInt32BE(16), head.readUInt32BE(20), head.readUInt8(24)];
  checkSize(file, 'a PNG image', height, width, limits.pngPixels);
  const colours = head.readUInt8(25);
  if (!isKnownForm({ colours, depth })) throw bad(file, `one of type ${colours} with ${depth} bits`);
  const unpacked = unpackedBytes({ height, width, depth, colours, interlaced: head.readUInt8(28) === 1 });
  if (unpacked > limits.pngBytes) {
    const got = `one of ${width} x ${height} pixels with ${grouped(unpacked)}`;
    throw bad(file, got, `a PNG image of at most ${grouped(limits.pngBytes)} bytes`);
  }
  if (head.readUInt8(28) === 1 && depth < 8) {
    throw bad(
      file,
      `an interlaced one of ${depth} ${depth === 1 ? 'bit' : 'bits'}`,
      'a PNG image that is not interlaced, or of 8 bits and more',
    );
  }
  return { height, width, colour: (head.readUInt8(25) & 2) !== 0, depth, orientation: 1 };
}

/** Decodes the bytes of a PNG file, in its own size. */
export function decodeWholePng(bytes: Uint8Array, file: string): Picture {
  checkBytes('bytes', bytes);
  const { height, width, depth } = pngHeader(bytes, file);
  let png: DecodedPng;
  try {
    const form = { height, width, depth, colours: bytes[25]!, interlaced: bytes[28] === 1 };
    png = decode(essentialPng(bytes, form));
  } catch (error) {
    throw bad(file, `a damaged one (${(error as Error).message})`);
  }
  return { height, width, rgba: toRgba(png, file) };
}

function toRgba(png: DecodedPng, file: string): Uint8Array {
  const { width, height, depth, channels, data, palette, transparency } = png;
  const rgba = new Uint8Array(width * height * 4).fill(255);
  if (depth === 8 && !palette && !transparency?.length) {
    for (let i = 0; i < width * height; i++) {
      const [from, to] = [i * channels, 4 * i];
      rgba[to] = data[from]!;
      rgba[to + 1] = data[channels < 3 ? from : from + 1]!;
      rgba[to + 2] = data[channels < 3 ? from : from + 2]!;
      if (channels % 2 === 0) rgba[to + 3] = data[from + channels - 1]!;
    }
    return rgba;
  }
  const sample = unpacked(data, depth, width * channels, height);
  const most = (1 << depth) - 1;
  const level = (value: number) => Math.round((value * 255) / most);
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

function bad(file: string, got: string, expected = 'a PNG image'): LockstepError {
  return unreadable(file, expected, got);
}
