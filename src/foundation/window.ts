/**
 * Windows over images: what a convolution or a pool looks at for each place of its output.
 *
 * A row of activations holds a whole image, (height, width, channels): place after place in reading order,
 * the channels of a place beside each other.
 */

export interface ImageShape {
  height: number;
  width: number;
  channels: number;
}

/** Two numbers, for lines and for columns. */
export type Pair = readonly [vertical: number, horizontal: number];

/**
 * Place (py, px) of the output sees the places
 * (py stride[0] - before[0] + ky dilation[0], px stride[1] - before[1] + kx dilation[1]) of the input,
 * 0 <= ky < kernel[0], 0 <= kx < kernel[1]. What lies outside of the input is zero to a convolution, and is
 * not there for a pool.
 */
export interface Window {
  input: ImageShape;
  output: ImageShape;
  kernel: Pair;
  stride: Pair;
  dilation: Pair;
  /** Lines above and columns left of the input that the first window begins with. */
  before: Pair;
  /**
   * Input and output channels are divided into so many groups, which do not see each other; 1 for a plain
   * convolution, `input.channels` for a depthwise one. Pools have none.
   */
  groups: number;
}

/** Places of an image. */
export function placesOf({ height, width }: ImageShape): number {
  return height * width;
}

/** Numbers of an image. */
export function numbersOf(shape: ImageShape): number {
  return placesOf(shape) * shape.channels;
}
