/** The weights of one unit over a picture, or of one channel over a window, as a small picture. */
import type { NumberTensor } from '../../model/weights.ts';
import type { Squares } from '../square-means.ts';

/**
 * In colour, or the weights of all inputs added up.
 *
 * @param W (height, width, inputs, units); the squares lie over its height and width
 */
export function unitWeights(
  squares: Squares,
  { values, shape }: Pick<NumberTensor, 'shape' | 'values'>,
  { unit, colour }: { unit: number; colour: boolean },
): Float64Array {
  const [, width, inputs, units] = shape as readonly [number, number, number, number];
  const weight = (y: number, x: number, input: number) =>
    values[((y * width + x) * inputs + input) * units + unit]!;
  if (colour) return squares.means(3, weight);
  return squares.means(1, (y, x) => {
    let sum = 0;
    for (let input = 0; input < inputs; input++) sum += weight(y, x, input);
    return sum;
  });
}
