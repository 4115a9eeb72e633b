/** A warm-up that does not come to its end before the training does. */
import type { KindConfig } from '../contracts/fields.ts';

/**
 * What to tell of it; undefined if the warm-up ends in time. It is a warning and no refusal: such a training
 * is well defined, and a short trial of a long experiment (`--epochs 1`) is worth having.
 *
 * @param epochs of the training; may be a fraction
 */
export function longWarmup({ warmup = 0 }: KindConfig, epochs: number): string | undefined {
  if (typeof warmup !== 'number' || warmup <= epochs) return undefined;
  const length = (count: number) => `${Number(count.toPrecision(3))} ${count === 1 ? 'epoch' : 'epochs'}`;
  return (
    `the warm-up of ${length(warmup)} is longer than the training of ${length(epochs)}, ` +
    'which never comes to its full learning rate'
  );
}
