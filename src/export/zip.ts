/**
 * Zip files whose contents are stored as they are.
 *
 * Source: PKWARE, APPNOTE.TXT, sections 4.3.7 to 4.3.16. Numbers are little-endian. Every file has the same
 * date, so that the same contents give the same bytes.
 */
import { LockstepError } from '../foundation/errors.ts';
import { checksum } from '../platform/inflate.ts';

export interface ZipContent {
  name: string;
  bytes: Uint8Array;
}

/** The first of January 1980, the earliest date that there is. */
const date = 0x0021;
/** Names are UTF-8. */
const utf8 = 0x0800;
/** Version 2.0 of the format. */
const needed = 20;
/** What 32 bits can count. */
const mostBytes = 0xffff_ffff;

/**
 * @returns the pieces of the file
 * @throws LockstepError `usage` if they are more than 4 GiB
 */
export function storedZip(contents: readonly ZipContent[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const add = (...parts: Uint8Array[]) => {
    pieces.push(...parts);
    for (const { length } of parts) at += length;
  };
  for (const { name, bytes } of contents) {
    const encoded = new TextEncoder().encode(name);
    const crc = checksum(bytes);
    const common = [
      half(utf8),
      half(0),
      half(0),
      half(date),
      word(crc),
      word(bytes.length),
      word(bytes.length),
    ];
    const sizes = [half(encoded.length), half(0)];
    directory.push(
      joined([word(0x02014b50), half(needed), half(needed), ...common, ...sizes]),
      joined([half(0), half(0), half(0), word(0), word(at)]),
      encoded,
    );
    add(joined([word(0x04034b50), half(needed), ...common, ...sizes]), encoded, bytes);
    if (at > mostBytes) throw tooLarge(at);
  }
  const start = at;
  add(...directory);
  const count = half(contents.length);
  pieces.push(
    joined([word(0x06054b50), half(0), half(0), count, count, word(at - start), word(start), half(0)]),
  );
  return pieces;
}

const half = (value: number) => Uint8Array.of(value & 0xff, value >>> 8);
const word = (value: number) =>
  Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function tooLarge(size: number): LockstepError {
  return new LockstepError('usage', {
    where: '--format npz',
    expected: 'a network of less than 4 GiB',
    got: `${size} bytes`,
    hint: '`--format safetensors` has no such limit',
  });
}
