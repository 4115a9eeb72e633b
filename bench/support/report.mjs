// Results as lines, which a bench prints, --json writes, and --compare reads.
//
// A line: { section, name, unit, better: 'lower' | 'higher', median, quartiles: [low, high], best, count,
// extra? }.
import { readFileSync } from 'node:fs';
import { spread, summarize } from './statistics.mjs';
import { figure, percent, printTable } from './table.mjs';

export const format = 'lockstep-bench/1';

export function line(section, name, unit, better, numbers, extra) {
  return { section, name, unit, better, ...summarize(numbers, better), ...(extra ? { extra } : {}) };
}

export function printLines(title, lines) {
  const extras = [...new Set(lines.flatMap(({ extra }) => Object.keys(extra ?? {})))];
  console.log(`\n${title}`);
  printTable(
    ['', 'median', 'best', 'spread', 'unit', ...extras],
    lines.map((one) => [
      one.name,
      figure(one.median),
      figure(one.best),
      `± ${percent(spread(one))}`,
      one.unit,
      ...extras.map((name) => one.extra?.[name] ?? ''),
    ]),
  );
}

/** Reads a report that --json wrote. If it cannot, throws an Error with a message for people. */
export function readReport(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  if (report.format === format) return report;
  throw new Error(`${file}: expected a report of format ${format}, got ${report.format ?? 'something else'}`);
}

/**
 * Compares two reports line by line. The ratio is above 1 if the new figure is better. It is marked if the
 * quartiles of the two do not overlap and the medians differ by more than 3 %: smaller differences occur
 * between runs of the same program.
 */
export function compareReports(before, after) {
  const old = new Map(before.lines.map((one) => [`${one.section} ${one.name}`, one]));
  return after.lines.flatMap((now) => {
    const then = old.get(`${now.section} ${now.name}`);
    if (!then || then.unit !== now.unit) return [];
    const ratio = now.better === 'lower' ? then.median / now.median : now.median / then.median;
    const apart = now.quartiles[0] > then.quartiles[1] || now.quartiles[1] < then.quartiles[0];
    const changed = apart && Math.abs(ratio - 1) > 0.03;
    const verdict = changed ? (ratio > 1 ? 'better' : 'WORSE') : '';
    return [{ section: now.section, name: now.name, unit: now.unit, then, now, ratio, verdict }];
  });
}

export function printComparison(before, after) {
  const rows = compareReports(before, after);
  console.log(`\nagainst ${before.machine.commit ?? 'the old report'} (${before.machine.processor})`);
  console.log('ratio: above 1 is better; marked: quartiles apart, and more than 3 %');
  printTable(
    ['', 'before', 'now', 'unit', 'spreads', 'ratio', ''],
    rows.map(({ section, name, unit, then, now, ratio, verdict }) => [
      `${section}: ${name}`,
      figure(then.median),
      figure(now.median),
      unit,
      `± ${percent(spread(then))}, ${percent(spread(now))}`,
      ratio.toFixed(2),
      verdict,
    ]),
  );
  const missing = before.lines.length - rows.length;
  if (missing > 0) console.log(`${missing} lines of the old report were not measured now`);
}
