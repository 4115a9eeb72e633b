/** A confusion matrix for people: a row a class, a column a prediction. */
import { type Confusion, countsOf } from '../figures/confusion.ts';
import type { Stream } from './console.ts';
import { grouped } from './format.ts';

/** The matrix as lines at most `columns` wide, or undefined if it does not fit. */
export function confusionTable(
  { classes, counts }: Confusion,
  columns: number,
  paint: Stream['paint'],
): string[] | undefined {
  const cells = Array.from(counts, (count) => (count === 0 ? '·' : String(count)));
  const width = Math.max(...cells.map((cell) => cell.length), String(classes - 1).length) + 1;
  const margin = String(classes - 1).length;
  if (margin + 1 + classes * width >= columns) return undefined;
  const heading = Array.from({ length: classes }, (_, c) => String(c).padStart(width)).join('');
  const lines = [paint('dim', `${' '.repeat(margin + 1)}${heading}`)];
  for (let actual = 0; actual < classes; actual++) {
    const row = cells.slice(actual * classes, (actual + 1) * classes).map((cell, predicted) => {
      const padded = cell.padStart(width);
      if (predicted === actual) return paint('bold', padded);
      return cell === '·' ? paint('dim', padded) : padded;
    });
    lines.push(`${paint('dim', String(actual).padStart(margin))} ${row.join('')}`);
  }
  return lines;
}

/** The matrix as rows of counts. */
export function confusionRows({ classes, counts }: Confusion): number[][] {
  return Array.from({ length: classes }, (_, c) => [...counts.subarray(c * classes, (c + 1) * classes)]);
}

/** 9,799 of 10,000 right */
export function rightOf(confusion: Confusion): string {
  const { right, samples } = countsOf(confusion);
  return `${grouped(right)} of ${grouped(samples)} right`;
}
