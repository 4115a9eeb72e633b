/** Memory that threads share. In a browser, browser/shared-memory.ts stands for this file. */

/** So many bytes of zeros. Throws a RangeError where there is no room for them. */
export function allocateShared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
