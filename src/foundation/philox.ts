/**
 * Random words that any thread can compute at any time: Philox4x32-10 turns a key and a counter into four
 * random words and keeps no state in between.
 *
 * Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011. The same function for four
 * counters at once is in kernels/assembly/philox.ts.
 */

/** Four words of 32 bits. */
export type FourWords = readonly [number, number, number, number];

/** The four random words of this counter under this key, each an unsigned integer below 2^32. */
export function philox(counter: FourWords, key: readonly [number, number]): FourWords {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd2511f53, c0);
    const high1 = highProduct(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The upper 32 bits of a product of two words, from halves whose products a double holds exactly. */
function highProduct(a: number, b: number): number {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 65536);
  const other = aLow * bHigh + (middle % 65536);
  return aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(other / 65536);
}

/** The uses of random words. No two uses ever share a word. */
export const purposes = { dropout: 1, augmentation: 2 } as const;

/** The key of one row's random words, and all of the counter but its first word. */
export interface RowWords {
  key: readonly [number, number];
  counter: readonly [sample: number, epoch: number, use: number];
}

/**
 * Names the words of one sample, for one purpose. `place` is the position of the layer in the network, or of
 * the augmentation in its list.
 */
export function rowWords(
  purpose: keyof typeof purposes,
  place: number,
  { seed, epoch }: { seed: number; epoch: number },
  sample: number,
): RowWords {
  return {
    key: [seed >>> 0, Math.floor(seed / 4294967296) >>> 0],
    counter: [sample, epoch, purposes[purpose] * 16777216 + place],
  };
}

/**
 * The random words of a row, one a column. Columns come in groups of 16: column 16 g + 4 w + l has word w of
 * counter 4 g + l, so that four counters side by side in a vector give columns side by side.
 */
export function wordsOfRow({ key, counter }: RowWords, columns: number): Uint32Array {
  const words = new Uint32Array(Math.ceil(columns / 16) * 16);
  for (let first = 0; first < columns; first += 16) {
    for (let lane = 0; lane < 4; lane++) {
      const four = philox([first / 4 + lane, ...counter], key);
      for (let w = 0; w < 4; w++) words[first + 4 * w + lane] = four[w]!;
    }
  }
  return words.subarray(0, columns);
}

/** The first four random words of a row. */
export const firstFour = ({ key, counter }: RowWords): FourWords => philox([0, ...counter], key);

/** A word as a number in (0, 1). */
export const share = (word: number): number => (word + 0.5) / 4294967296;

/** A word as a number in (-1, 1). */
export const signed = (word: number): number => 2 * share(word) - 1;
