/**
 * Random numbers on the host come from named streams. A stream's name says what it is for, so no number
 * depends on which thread asks for it, or in which order.
 *
 * A stream is seedrandom's ARC4 generator, seeded with `<seed>/<purpose>/...`. The seed becomes text only
 * here, because `seedrandom(1)` and `seedrandom('1')` are different generators.
 */
import seedrandom from 'seedrandom';
import { log } from './exact.ts';

/** A source of independent random numbers. The same name always gives the same numbers. */
export interface Stream {
  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [0, bound), for bounds up to 2^32. */
  below(bound: number): number;
}

/** How many values a 32-bit word has. */
const words = 4294967296;

/** The stream of this name, from its beginning: `stream(7, 'shuffle', 3)`. */
export function stream(...name: readonly [string | number, ...(string | number)[]]): Stream {
  const generator = seedrandom(name.map(String).join('/'));
  let spare: number | undefined;
  return {
    uniform: () => generator.double(),
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      // Marsaglia's polar method. The only inexact function in it is the logarithm, and that one is ours.
      for (;;) {
        const u = 2 * generator.double() - 1;
        const v = 2 * generator.double() - 1;
        const s = u * u + v * v;
        if (s > 0 && s < 1) {
          const factor = Math.sqrt((-2 * log(s)) / s);
          spare = v * factor;
          return u * factor;
        }
      }
    },
    below(bound) {
      // Rejection keeps every integer equally likely: values of the last, incomplete range below 2^32 are
      // thrown away. The exact remainder is taken only near that range, because 2^32 is no integer of
      // 32 bits, which makes the division slow.
      for (;;) {
        const value = generator.int32() >>> 0;
        if (value < words - bound || value < words - (words % bound)) return value % bound;
      }
    },
  };
}

/** Shuffles the numbers in place (Fisher-Yates). */
export function shuffle(numbers: Uint32Array, random: Stream): void {
  for (let i = numbers.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swapped = numbers[i]!;
    numbers[i] = numbers[j]!;
    numbers[j] = swapped;
  }
}

/** The numbers 0 to count - 1 in random order. */
export function permutation(count: number, random: Stream): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  shuffle(order, random);
  return order;
}
