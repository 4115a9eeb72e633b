import type { RowWords } from '../../foundation/philox.ts';
import type { Matrix } from '../../foundation/shapes.ts';

/** Dropout, one row at a time: each row has random words of its own, one a column or one a channel. */
export interface DropoutKernels {
  /**
   * y = x / (1 - rate) in the columns of row `row` whose random word is at least `leastKept(rate)`, else 0. y
   * may be x. The same call gives dx from dy.
   */
  dropout(x: Matrix, y: Matrix, row: number, words: RowWords, rate: number): void;
  /** The same for an image: a channel has one random word, so that all its places go, or none. */
  dropoutChannels(x: Matrix, y: Matrix, channels: number, row: number, words: RowWords, rate: number): void;
}

/** Of all 2^32 words, the share `rate` is below this one. */
export const leastKept = (rate: number) => Math.floor(rate * 4294967296);
