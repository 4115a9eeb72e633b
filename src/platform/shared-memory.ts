/** Memory that threads share. */

/** So many bytes of zeros. */
export function allocateShared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
