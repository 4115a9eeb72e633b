/** Pictures made smaller: a point of the small one is the mean over a square of the large one. */

export interface Squares {
  /** The side of a square. Those at the right and at the lower edge may be cut off. */
  step: number;
  /** Of the small picture. */
  height: number;
  width: number;
  /**
   * The small picture. (height, width, channels)
   *
   * @param at a number of the large picture
   */
  means(channels: number, at: (y: number, x: number, channel: number) => number): Float64Array;
}

/**
 * Squares over a picture of this size.
 *
 * @param longest what the longer side of the small picture is at most; 1 or more
 */
export function squaresOver(height: number, width: number, longest: number): Squares {
  const step = Math.ceil(Math.max(height, width) / longest);
  const [down, across] = [Math.ceil(height / step), Math.ceil(width / step)];
  return {
    step,
    height: down,
    width: across,
    means(channels, at) {
      const means = new Float64Array(down * across * channels);
      for (let y = 0; y < height; y++) {
        const rows = Math.min(step, height - y + (y % step));
        for (let x = 0; x < width; x++) {
          const columns = Math.min(step, width - x + (x % step));
          const place = (Math.floor(y / step) * across + Math.floor(x / step)) * channels;
          for (let c = 0; c < channels; c++) means[place + c]! += at(y, x, c) / (rows * columns);
        }
      }
      return means;
    },
  };
}
