import { expect } from 'vitest';
import { type Stream, stream } from '#lockstep/foundation/random.js';
import type { Matrix, PanelMatrix, Range, Vector } from '#lockstep/foundation/shapes.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import {
  draw,
  fill,
  type KernelSpace,
  kernelSpace,
  panelPlaces,
  placesOf,
  vectorPlaces,
} from './kernel-space.ts';

/** Widths at, below and above whole vectors, panels and blocks. */
export const widths = [1, 2, 3, 5, 7, 8, 9, 10, 31, 32, 33, 37, 64, 127, 257];
/** Rows with every remainder of a register tile. */
const fewRows = [1, 2, 3, 4, 5, 7, 13];

/** Half a unit in the last place of 1 in float32: the largest relative error of one rounding. */
export const u = 2 ** -24;

/** The shapes that are tried with a given first width. Only some if both are wide or there are many rows. */
export function shapesOf(first: number): { second: number; rows: number }[] {
  const shapes = widths.flatMap((second) =>
    (first * second > 2000 ? [3, 4] : fewRows).map((rows) => ({ second, rows })),
  );
  const long = [64, 256].flatMap((rows) => [1, 10, 33].map((second) => ({ second, rows })));
  return first === 9 || first === 127 ? [...shapes, ...long] : shapes;
}

type Call = (kernels: Kernels) => void;

/**
 * The fast kernels and their oracle, with memories of the same layout and the same numbers. A third memory
 * holds the absolute values of these numbers: in it, the oracle gives the sums of absolute products.
 */
export class Twins {
  readonly fast: KernelSpace;
  readonly oracle: KernelSpace;
  private readonly absolute: KernelSpace;
  private readonly all: readonly KernelSpace[];
  readonly random: Stream;

  /** The widest layer and the most rows of a block of W bound the kernels' scratch. */
  constructor(name: string, size: number, widest?: number, mostRows?: number) {
    const space = (kernels: string) => kernelSpace(kernels, size, widest, mostRows);
    this.fast = space('wasm');
    this.oracle = space('reference');
    this.absolute = space('reference');
    this.all = [this.fast, this.oracle, this.absolute];
    this.random = stream(1, 'kernels', name);
  }

  /** Removes all that was placed. */
  clear(): void {
    for (const space of this.all) space.clear();
  }

  /** Whether these are the kernels with the absolute values. */
  isAbsolute(kernels: Kernels): boolean {
    return kernels === this.absolute.kernels;
  }

  /** A matrix of normal numbers, each of which is zero with this probability. (rows, columns) */
  matrix(rows: number, columns: number, zeros = 0): Matrix {
    const [matrix] = this.all.map((space) => space.matrix(rows, columns));
    this.fill(placesOf(matrix!, rows), zeros);
    return matrix!;
  }

  panels(rows: number, columns: number, width: number): PanelMatrix {
    const [W] = this.all.map((space) => space.panels(rows, columns, width));
    this.fill(panelPlaces(W!), 0);
    return W!;
  }

  vector(length: number): Vector {
    const [vector] = this.all.map((space) => space.vector(length));
    this.fill(vectorPlaces(vector!), 0);
    return vector!;
  }

  /** Elements one after the other, filled with numbers. */
  room(size: number): number {
    const [offset] = this.all.map((space) => space.room(size));
    this.fill(vectorPlaces({ offset: offset!, length: size }), 0);
    return offset!;
  }

  set(places: readonly number[], next: () => number): void {
    fill(this.all, places, next);
  }

  private fill(places: readonly number[], zeros: number): void {
    this.set(places, () => draw(this.random, zeros));
  }

  /**
   * Calls the same kernel of both. The results at `output` must differ by at most `factor` * 2^-24 of the sum
   * of absolute terms, or of the result itself. Everything else, also the padding, must be unchanged.
   */
  compare(
    call: Call,
    output: readonly number[],
    factor: number,
    relativeTo: 'terms' | 'result' = 'terms',
  ): void {
    const { fast, oracle, absolute } = this;
    for (const [at, value] of oracle.used().entries())
      absolute.elements[absolute.start + at] = Math.abs(value);
    this.untouched(() => {
      for (const { kernels } of this.all) call(kernels);
    }, output);
    let worst = 0;
    for (const at of output) {
      const error = Math.abs(fast.elements[at]! - oracle.elements[at]!);
      const size = relativeTo === 'terms' ? absolute.elements[at]! : Math.abs(oracle.elements[at]!);
      const bound = factor * u * size;
      // An error of 0 is within a bound of 0. NaN is within no bound.
      if (!(error <= bound)) worst = Math.max(worst, error / bound || Number.POSITIVE_INFINITY);
    }
    expect(worst, 'largest error above its bound, relative to it').toBe(0);
  }

  /**
   * Calls the same kernel of both. The results at `output` must differ by at most `bound` of the largest
   * number there, and everything else must be unchanged.
   */
  within(output: readonly number[], bound: number, call: Call): void {
    const { fast, oracle } = this;
    this.untouched(() => {
      for (const { kernels } of [fast, oracle]) call(kernels);
    }, output);
    let scale = 0;
    let worst = 0;
    for (const at of output) {
      scale = Math.max(scale, Math.abs(oracle.elements[at]!));
      // NaN is within no bound.
      worst = Math.max(worst, Math.abs(fast.elements[at]! - oracle.elements[at]!));
    }
    expect(worst, 'largest error').toBeLessThanOrEqual(bound * scale);
  }

  /** Gives the oracle's numbers to both, so that errors do not add up from kernel to kernel. */
  share(places: readonly number[]): void {
    for (const at of places) {
      const value = Math.fround(this.oracle.elements[at]!);
      this.fast.elements[at] = value;
      this.oracle.elements[at] = value;
    }
  }

  /** Does work that may write in the fast memory only at `output`. */
  untouched(work: () => void, output: readonly number[]): void {
    const { fast } = this;
    const before = fast.used();
    work();
    const after = fast.used();
    for (const at of output) after[at - fast.start] = before[at - fast.start]!;
    expect(firstDifference(after, before), 'element written though it is not of the output').toBe(-1);
  }

  /** The numbers that the fast kernels write at `output`, whose earlier contents must not matter. */
  bits(call: Call, output: readonly number[]): number[] {
    this.set(output, () => 1e9);
    call(this.fast.kernels);
    return output.map((at) => this.fast.elements[at]!);
  }
}

function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return -1;
}

/** Cuts 0 to `count` at random multiples of `step`. Returns the pieces in random order. */
export function randomPieces(count: number, step: number, random: Stream): Range[] {
  const pieces: Range[] = [];
  for (let first = 0; first < count; ) {
    const size = Math.min(step * (1 + random.below(3)), count - first);
    pieces.splice(random.below(pieces.length + 1), 0, { first, count: size });
    first += size;
  }
  return pieces;
}
