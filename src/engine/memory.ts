/** The one memory of the kernels: made once, attached to by each thread. */
import type { Samples } from '../data/dataset.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Elements } from '../kernels/layout.ts';
import { backendOf } from '../model/backends.ts';
import type { MemoryMap } from '../model/memory-map.ts';

/** It can be sent to a worker. */
export interface SharedMemory {
  /** Name of the backend. */
  backend: string;
  /** The backend's own. */
  memory: unknown;
}

/**
 * Memory of so many elements, all zero but for the first `kept`. `earlier` is that of a training that has
 * ended: if it is large enough, it is used again, and comes back as it is.
 */
export function createMemory(
  backend: string,
  elements: number,
  earlier?: SharedMemory,
  kept = 0,
): SharedMemory {
  const { create, clear } = backendOf(backend);
  if (earlier?.backend === backend && clear(earlier.memory, elements, kept)) return earlier;
  return { backend, memory: create(elements) };
}

/** One thread's kernels over that memory. `scratch` is the offset of the thread's scratch. */
export function kernelsOver({ backend, memory }: SharedMemory, scratch: number): Kernels {
  return backendOf(backend).attach(memory, scratch);
}

/** The whole memory as numbers. */
export function elementsOf({ backend, memory }: SharedMemory): Elements {
  return backendOf(backend).elements(memory);
}

/** Packs the images of these sets, if the network reads lists of pixels. */
export function packImages(
  memory: SharedMemory,
  { packed, threads }: MemoryMap,
  sets: Readonly<Record<string, Pick<Samples, 'features'>>>,
): void {
  if (!packed) return;
  const { images } = kernelsOver(memory, threads[0]!.scratch);
  for (const [name, into] of Object.entries(packed))
    images!.pack(sets[name]!.features as Uint8Array, into, 0);
}

/** Which images `mapMemory` places: none if the backend reads numbers only. */
export function imagesListed<T>(backend: string, counts: T): T | undefined {
  return backendOf(backend).listsPixels ? counts : undefined;
}
