// Pairs: the old and the new program are measured one right after the other, so that a change of the
// machine's speed affects both. A pair gives the ratio new / old, and many pairs give the median of their
// ratios.
import { line } from '../support/report.mjs';
import { median } from '../support/statistics.mjs';

/** Both sides, in the order of this turn: old new, new old, old new ... */
export function inTurns(sides, turn) {
  const order = [sides.old, sides.new];
  return turn % 2 === 0 ? order : order.reverse();
}

/** A line of a report about these pairs of seconds, { old, new } each. Its median is that of the ratios. */
export function pairLine(section, name, pairs) {
  const ratios = pairs.map((pair) => pair.new / pair.old);
  const seconds = { old: median(pairs.map((pair) => pair.old)), new: median(pairs.map((pair) => pair.new)) };
  return { ...line(section, name, 'new/old', 'lower', ratios), seconds, ratios };
}

/**
 * `faster` or `SLOWER`, if the difference is above 2 % and each of at least five pairs says so. If a program
 * is compared with itself, all of seven pairs are on one side once in 64 times.
 */
export function verdictOf({ median, ratios }) {
  if (ratios.length < 5 || Math.abs(median - 1) <= 0.02) return '';
  if (ratios.every((ratio) => ratio < 1)) return 'faster';
  return ratios.every((ratio) => ratio > 1) ? 'SLOWER' : '';
}

/** The geometric mean, which suits ratios: 2 and 1/2 give 1. */
export function geometricMean(ratios) {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

/**
 * The digests of the weights that old and new have trained, by case. Threads must not matter, so all digests
 * of a case must be the same.
 */
export function createDigests() {
  const byName = new Map();
  return {
    add(name, side, digest) {
      const sides = byName.get(name) ?? { old: new Set(), new: new Set() };
      byName.set(name, sides);
      sides[side].add(digest);
    },
    /** The number of compared trainings, and a sentence about each that differs. */
    compare() {
      const differences = [...byName].flatMap(([name, sides]) => {
        const text = (side) => [...sides[side]].map((digest) => digest.slice(0, 12)).join(', ');
        const all = new Set([...sides.old, ...sides.new]);
        return all.size === 1 ? [] : [`${name}: old has ${text('old')}, new has ${text('new')}`];
      });
      return { count: byName.size, differences };
    },
  };
}
