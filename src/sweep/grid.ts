/**
 * Every combination of the values. The last parameter varies fastest. Points are computed one by one, and
 * never listed.
 */
import { type Dimension, multiple, type Parameters, quantaOf, sizeOf } from './space.ts';

/** Number of points of the grid. */
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
