/**
 * What stands behind the kernels: one memory that all threads share, how matrices lie in it, and who
 * computes.
 *
 * Each file of backends/ is one, found by its name like a layer. A backend of another element type gives
 * other bits; backends of the same element type must give the same.
 */
import type { Kernels } from './kernels.ts';
import type { Elements, Layout } from './layout.ts';

/** `Memory` is what a thread needs to attach itself: it can be sent to a worker. */
export interface Backend<Memory = unknown> {
  /** What an experiment's `kernels` calls it. */
  readonly name: string;
  /** One line for people: help, schema, documentation. */
  readonly summary: string;
  /** 4 for float32, 8 for float64. */
  readonly elementBytes: number;
  /** Bytes of memory that it can address; undefined: as many as the machine has. */
  readonly limit: number | undefined;
  readonly layout: Layout;
  /** Its kernels multiply from lists of pixels, see `Kernels.images`. */
  readonly listsPixels: boolean;
  /** Memory of so many elements, all zero. */
  create(elements: number): Memory;
  /**
   * Makes the memory of a training that has ended zero again, but for its first `kept` elements. False if it
   * has fewer than `elements`, or cannot be used again.
   */
  clear(memory: Memory, elements: number, kept: number): boolean;
  /** The whole memory. */
  elements(memory: Memory): Elements;
  /** One thread's kernels over the memory. `scratch` is the offset of the thread's scratch, in elements. */
  attach(memory: Memory, scratch: number): Kernels;
}

/** Declares a backend; what its memory is, is its own business. */
export function backend<Memory>(declared: Backend<Memory>): Backend {
  return declared as Backend;
}
