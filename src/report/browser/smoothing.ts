/** Smoothing of curves: an exponential moving average. */

/**
 * Each value becomes the mean of all before it and itself, in which a value counts `weight` times as much as
 * the one after it (TensorBoard's smoothing, with the correction for the beginning that Adam uses, too).
 * Places without a value stay without, and change no other. 0 leaves all as it is.
 *
 * @param weight from 0 to below 1
 */
export function smoothed(values: readonly (number | null)[], weight: number): (number | null)[] {
  let [sum, weights] = [0, 0];
  return values.map((value) => {
    if (value === null) return null;
    sum = weight * sum + (1 - weight) * value;
    weights = weight * weights + (1 - weight);
    return sum / weights;
  });
}
