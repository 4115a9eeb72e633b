/**
 * Shared memory in a browser. A page that was opened as a file, or whose server sends no headers for it, does
 * not find its constructor by name, but any shared memory of WebAssembly knows it: what is kept from such
 * pages is to send shared memory to a worker.
 */
const { buffer } = new WebAssembly.Memory({ initial: 0, maximum: 0, shared: true });
const Shared = buffer.constructor as new (bytes: number) => typeof buffer;

/** So many bytes of zeros. Throws a RangeError where there is no room for them. */
export function allocateShared(bytes: number): typeof buffer {
  return new Shared(bytes);
}
