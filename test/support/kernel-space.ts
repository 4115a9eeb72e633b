import type { Stream } from '#lockstep/foundation/random.js';
import {
  type Matrix,
  type PanelMatrix,
  panelIndex,
  panelSize,
  roundUp,
  type Vector,
} from '#lockstep/foundation/shapes.js';
import { createWasm } from '#lockstep/kernels/backends/wasm/program.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { backendOf, backends } from '#lockstep/model/backends.js';

/** Names of all backends. */
export const backendNames = [...backends.keys()];

/**
 * Kernels with their own memory, in which matrices are placed one after the other. If the same things are
 * placed in two spaces, both have the same layout. They are zero at first, and all around them is NaN, which
 * spoils the result of a kernel that reads it.
 */
export interface KernelSpace {
  kernels: Kernels;
  elements: Kernels['elements'];
  matrix(rows: number, columns: number): Matrix;
  panels(rows: number, columns: number, width: number): PanelMatrix;
  vector(length: number): Vector;
  /** Places this many elements. Returns their offset. */
  room(size: number): number;
  /** The first offset after the kernels' scratch. */
  start: number;
  /** A copy of all that was placed, and of the guard after it. */
  used(): Float32Array | Float64Array;
  /** Removes all that was placed. */
  clear(): void;
}

/** Elements after the last placed one, which no kernel may touch. */
const guard = 1024;

/**
 * A space of `size` elements beside the kernels' scratch, for layers up to `widest` and blocks up to
 * `mostRows`. `file` is the module of the fast kernels, by default the one that suits this V8.
 */
export function kernelSpace(
  name: string,
  size: number,
  widest = 300,
  mostRows = 300,
  file?: Parameters<typeof createWasm>[1],
): KernelSpace {
  const { layout, create, attach } = backendOf(name);
  const scratch = roundUp(layout.scratch(widest, mostRows), 32);
  const all = scratch + size;
  const kernels = attach(file ? createWasm(all, file) : create(all), 0);
  const { elements } = kernels;
  let end = scratch;
  elements.fill(Number.NaN, scratch);
  const room = (wanted: number) => {
    const offset = end;
    end += roundUp(wanted, 32);
    if (end + guard > all)
      throw new RangeError(`space: expected at most ${size} elements, got ${end - scratch}`);
    elements.fill(0, offset, end);
    return offset;
  };
  return {
    kernels,
    elements,
    matrix: (rows, columns) => ({
      offset: room(rows * layout.rowStride(columns)),
      columns,
      stride: layout.rowStride(columns),
    }),
    panels: (rows, columns, width) => ({
      offset: room(panelSize({ rows, columns, width })),
      rows,
      columns,
      width,
    }),
    vector: (length) => ({ offset: room(roundUp(length, layout.vectorStep)), length }),
    room,
    start: scratch,
    used: () => elements.slice(scratch, end + guard),
    clear() {
      elements.fill(Number.NaN, scratch, end + guard);
      end = scratch;
    },
  };
}

/** Draws a float32 number: zero with this probability, otherwise normal. */
export function draw(random: Stream, zeros: number): number {
  return random.uniform() < zeros ? 0 : Math.fround(random.normal());
}

/** The places of the elements of a matrix of `rows` rows, row-major, without padding. */
export function placesOf(matrix: Matrix, rows: number): number[] {
  const { offset, columns, stride } = matrix;
  return Array.from(
    { length: rows * columns },
    (_, i) => offset + Math.floor(i / columns) * stride + (i % columns),
  );
}

/** The same for a weight matrix. */
export function panelPlaces(W: PanelMatrix): number[] {
  const { offset, rows, columns } = W;
  return Array.from(
    { length: rows * columns },
    (_, i) => offset + panelIndex(W, Math.floor(i / columns), i % columns),
  );
}

/** The same for a vector. */
export function vectorPlaces({ offset, length }: Vector): number[] {
  return Array.from({ length }, (_, i) => offset + i);
}

/** Puts the same numbers into all spaces. */
export function fill(spaces: readonly KernelSpace[], places: readonly number[], next: () => number): void {
  for (const place of places) {
    const value = next();
    for (const { elements } of spaces) elements[place] = value;
  }
}

/** Numbers in memory that threads can share, as kernels have it. */
export function elementsOf(values: readonly number[]): Float64Array<SharedArrayBuffer> {
  const elements = new Float64Array(new SharedArrayBuffer(8 * values.length));
  elements.set(values);
  return elements;
}
