/**
 * The chunks of a PNG file, checked: names, lengths, checksums, and whether the pixels are as many as the
 * header says. What cannot be true is refused before anything is allocated for it.
 *
 * https://www.w3.org/TR/png-3/, sections 5 and 11.
 */
import { limits } from '../../foundation/limits.ts';
import { checksum, inflateWhole, store } from '../../platform/inflate.ts';
import { freeMemory } from '../../platform/memory.ts';

/** Bytes that are taken without asking whether the memory has them. */
const modest = 64_000_000;

/** Samples of a pixel and the depths they may have, by the type of the colours. */
const kinds: Readonly<Record<number, readonly [channels: number, depths: readonly number[]]>> = {
  0: [1, [1, 2, 4, 8, 16]],
  2: [3, [8, 16]],
  3: [1, [1, 2, 4, 8]],
  4: [2, [8, 16]],
  6: [4, [8, 16]],
};

/** Every other pixel and line, as Adam7 goes through them: first column and line, steps. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** What the header says of the pixels. */
export interface PngForm {
  width: number;
  height: number;
  depth: number;
  /** Type of the colours. */
  colours: number;
  interlaced: boolean;
}

/** Whether there is such a kind of PNG. */
export function isKnownForm({ colours, depth }: Pick<PngForm, 'colours' | 'depth'>): boolean {
  return kinds[colours]?.[1].includes(depth) ?? false;
}

/** Bytes of the unpacked pixels, with a byte for the filter of each line. */
export function unpackedBytes({ width, height, depth, colours, interlaced }: PngForm): number {
  const bits = depth * kinds[colours]![0];
  const part = (columns: number, lines: number) =>
    columns === 0 || lines === 0 ? 0 : lines * (1 + Math.ceil((columns * bits) / 8));
  if (!interlaced) return part(width, height);
  return passes.reduce(
    (sum, [x, y, right, down]) =>
      sum + part(Math.ceil(Math.max(0, width - x) / right), Math.ceil(Math.max(0, height - y) / down)),
    0,
  );
}

/**
 * The same picture with nothing but header, palette, transparency and pixels, these not compressed. What the
 * decoder gets has been checked, and it unpacks nothing else, such as a profile of colours.
 *
 * @throws Error with a fault of the file, for a message
 */
export function essentialPng(bytes: Uint8Array, form: PngForm): Uint8Array {
  const { header, palette, transparency, pixels } = readChunks(bytes);
  const expected = unpackedBytes(form);
  const packed = pixels.reduce((sum, { length }) => sum + length, 0);
  if (expected > limits.deflateRatio * packed) {
    const { width, height } = form;
    throw new Error(`${packed} bytes cannot hold ${width} x ${height} pixels`);
  }
  checkExtras(form, palette, transparency);
  // Unpacked bytes, a copy of them for the decoder and two of its own, and the colours.
  const needed = 4 * expected + 8 * form.width * form.height;
  if (needed > modest && needed > freeMemory()) throw new Error(`it needs ${needed} bytes of memory`);
  const chunks = [
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', palette)] : []),
    ...(transparency ? [chunk('tRNS', transparency)] : []),
    chunk('IDAT', store(unpack(pixels, packed, expected))),
    chunk('IEND', new Uint8Array(0)),
  ];
  return joined([bytes.subarray(0, 8), ...chunks]);
}

interface Chunks {
  header: Uint8Array;
  palette: Uint8Array | undefined;
  transparency: Uint8Array | undefined;
  pixels: Uint8Array[];
}

function readChunks(bytes: Uint8Array): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const once = new Map<string, Uint8Array>();
  const pixels: Uint8Array[] = [];
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) throw new Error('it ends early');
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw new Error('a piece of it has no name');
    const end = at + 8 + length;
    if (end + 4 > bytes.length) {
      const pixelsToo = type === 'IDAT';
      throw new Error(
        pixelsToo ? 'its pixels cannot be unpacked: it was cut off or changed' : 'it ends early',
      );
    }
    if (checksum(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new Error(`a wrong checksum in ${type}: it was changed`);
    }
    const data = bytes.subarray(at + 8, end);
    if (type === 'IEND') break;
    if (type === 'IDAT') pixels.push(data);
    else if (['IHDR', 'PLTE', 'tRNS'].includes(type)) {
      if (once.has(type)) throw new Error(`two pieces ${type}`);
      if (pixels.length > 0) throw new Error(`${type} after the pixels`);
      once.set(type, data);
    }
    at = end + 4;
  }
  const header = once.get('IHDR')!;
  if (header.length !== 13) throw new Error(`a header of ${header.length} bytes`);
  return { header, palette: once.get('PLTE'), transparency: once.get('tRNS'), pixels };
}

/** Checks palette and transparency, whose lengths follow from the type of the colours. */
function checkExtras({ colours }: PngForm, palette?: Uint8Array, transparency?: Uint8Array): void {
  if (palette && (palette.length === 0 || palette.length % 3 !== 0 || palette.length > 768)) {
    throw new Error(`a palette of ${palette.length} bytes`);
  }
  if (colours === 3 && !palette) throw new Error('it has no palette');
  if (!transparency) return;
  const { length } = transparency;
  const fits = colours === 3 ? length <= palette!.length / 3 : length === { 0: 2, 2: 6 }[colours];
  if (!fits) throw new Error(`a transparency of ${length} bytes`);
}

function unpack(pixels: readonly Uint8Array[], packed: number, expected: number): Uint8Array {
  let unpacked: ReturnType<typeof inflateWhole>;
  try {
    unpacked = inflateWhole(joined(pixels), expected);
  } catch (error) {
    if (error instanceof RangeError) throw new Error('more pixels than its header says');
    throw new Error('its pixels cannot be unpacked: it was cut off or changed');
  }
  const { bytes, used } = unpacked;
  if (bytes.length !== expected) throw new Error('fewer pixels than its header says');
  if (used !== packed) throw new Error(`${packed - used} bytes behind its pixels`);
  return bytes;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, checksum(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
