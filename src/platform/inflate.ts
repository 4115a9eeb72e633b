/** Deflated data without a header, as zip files hold it, and its checksum. */
import { crc32, inflateRawSync } from 'node:zlib';

/** Unpacks into at most this many bytes. Throws zlib's errors, and a RangeError if there is more. */
export function inflate(packed: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) });
}

/** CRC-32, as zip files have it. */
export function checksum(bytes: Uint8Array): number {
  return crc32(bytes);
}
