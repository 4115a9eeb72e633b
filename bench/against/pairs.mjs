// Pairs: the old and the new program measured one right after the other, so that a machine that gets slower
// or faster does so for both. What counts is the ratio of a pair, new / old, and of many pairs their median.
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
 * `faster` or `SLOWER`: by more than 2 %, in every one of five pairs or more. Seven pairs of one and the same program
 * all fall on one side once in 64 times.
 */
export function verdictOf({ median, ratios }) {
  if (ratios.length < 5 || Math.abs(median - 1) <= 0.02) return '';
  if (ratios.every((ratio) => ratio < 1)) return 'faster';
  return ratios.every((ratio) => ratio > 1) ? 'SLOWER' : '';
}

/** The mean of ratios: 2 and 1/2 make 1. */
export function geometricMean(ratios) {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

/**
 * Digests of what old and new have trained, by the name of what it was. Threads must not matter, so all of a
 * name must be one.
 */
export function createDigests() {
  const byName = new Map();
  return {
    add(name, side, digest) {
      const sides = byName.get(name) ?? { old: new Set(), new: new Set() };
      byName.set(name, sides);
      sides[side].add(digest);
    },
    /** Trainings that were compared, and a sentence about each that differs. */
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
