import { createHash } from 'node:crypto';

/**
 * A run with a digest in the place of each of its arrays. Comparing those tells the first that differs in a line; showing
 * the difference of two arrays of weights takes minutes.
 */
export function digests(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return `${value.constructor.name} ${createHash('sha256').update(bytes).digest('hex')}`;
  }
  if (Array.isArray(value)) return value.map(digests);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, digests(of)]));
}
