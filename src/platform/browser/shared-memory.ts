/**
 * Shared memory in a browser. If a page was opened as a file, or if its server sends no headers for it, the
 * constructor has no name there, but any shared memory of WebAssembly knows it. Such pages only cannot send
 * shared memory to a worker.
 */
const { buffer } = new WebAssembly.Memory({ initial: 0, maximum: 0, shared: true });
const Shared = buffer.constructor as new (bytes: number) => typeof buffer;

/** Allocates this many bytes of zeros. Throws a RangeError if there is no room for them. */
export function allocateShared(bytes: number): typeof buffer {
  return new Shared(bytes);
}
