/** Deflated data, as zip and PNG files hold it, and its checksum. */
import { crc32, deflateSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Unpacks into at most this many bytes. Throws zlib's errors, and a RangeError if there is more. */
export function inflate(packed: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) });
}

/**
 * The same for data with zlib's header and checksum, which is compared. `used` is how many of the packed
 * bytes belong to it.
 */
export function inflateWhole(packed: Uint8Array, most: number): { bytes: Uint8Array; used: number } {
  const { buffer, engine } = inflateSync(packed, {
    maxOutputLength: Math.max(1, most),
    info: true,
  }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
  return { bytes: buffer, used: engine.bytesWritten };
}

/** Bytes as data with zlib's header that is not compressed. */
export function store(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes, { level: 0 });
}

/** CRC-32, as zip and PNG files have it. */
export function checksum(bytes: Uint8Array): number {
  return crc32(bytes);
}
