/** Memory that threads share. In a browser, browser/shared-memory.ts replaces this file. */

/** Allocates this many bytes of zeros. Throws a RangeError if there is no room for them. */
export function allocateShared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
