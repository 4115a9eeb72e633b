/**
 * Every combination of the values, the last parameter varying fastest. Nothing is listed before it is asked
 * for.
 */
import { type Dimension, multiple, type Parameters, quantaOf, sizeOf } from './space.ts';

/** How many points the grid has. */
export function gridSize(dimensions: readonly Dimension[]): number {
  return dimensions.reduce((product, dimension) => product * sizeOf(dimension), 1);
}

/** A point of the grid by its number, counted from 1: the digits of the number in mixed radix. */
export function gridPoint(dimensions: readonly Dimension[], number: number): Parameters {
  let rest = number - 1;
  const entries: [string, unknown][] = [];
  for (const dimension of dimensions.toReversed()) {
    const size = sizeOf(dimension);
    entries.unshift([dimension.path, gridValue(dimension, rest % size)]);
    rest = Math.floor(rest / size);
  }
  return Object.fromEntries(entries);
}

function gridValue(dimension: Dimension, index: number): unknown {
  if (dimension.kind === 'choice') return dimension.values[index];
  if (dimension.kind === 'normal' || dimension.quantum === undefined) {
    throw new RangeError(`${dimension.path} cannot be listed`);
  }
  return multiple(quantaOf(dimension).first + index, dimension.quantum);
}
