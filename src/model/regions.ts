/** Hands out memory, region after region, and remembers for people what lies where. */
import { type Matrix, roundUp, type Vector } from '../foundation/shapes.ts';
import type { Allocate } from '../kernels/image-lists.ts';
import type { Layout } from '../kernels/layout.ts';

export type Slab =
  | 'images'
  | 'parameters'
  | 'slots'
  | 'state'
  | 'statistics'
  | 'activations'
  | 'gradients'
  | 'samples'
  | 'ranks'
  | 'threads';

/** For people: what lies where. Offsets and sizes in elements. */
export interface Region {
  slab: Slab;
  name: string;
  shape: string;
  offset: number;
  size: number;
}

export interface Regions {
  readonly regions: readonly Region[];
  /** Elements handed out so far. */
  end(): number;
  /** So many elements; gives where they begin. */
  place(slab: Slab, name: string, shape: string, size: number): number;
  /** One region of several parts. */
  together<T>(slab: Slab, name: string, shape: string, build: (allocate: Allocate) => T): T;
  matrix(slab: Slab, name: string, rows: number, columns: number): Matrix;
  vector(slab: Slab, name: string, length: number): Vector;
}

/** What a region is rounded up to: whole cache lines, twice over, because processors fetch lines in pairs. */
export const regionStep = 32;

export function createRegions({ rowStride, vectorStep }: Layout): Regions {
  const regions: Region[] = [];
  let end = 0;
  const allocate: Allocate = (size) => {
    const offset = end;
    end += roundUp(size, regionStep);
    return offset;
  };
  const place: Regions['place'] = (slab, name, shape, size) => {
    const offset = allocate(size);
    regions.push({ slab, name, shape, offset, size });
    return offset;
  };
  return {
    regions,
    end: () => end,
    place,
    together(slab, name, shape, build) {
      const offset = end;
      const built = build(allocate);
      regions.push({ slab, name, shape, offset, size: end - offset });
      return built;
    },
    matrix(slab, name, rows, columns) {
      const stride = rowStride(columns);
      return { offset: place(slab, name, `(${rows}, ${columns})`, rows * stride), columns, stride };
    },
    vector(slab, name, length) {
      return { offset: place(slab, name, `(${length})`, roundUp(length, vectorStep)), length };
    },
  };
}
