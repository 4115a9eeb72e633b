/** A confusion matrix for people: a row a class, a column a prediction. */
import { type Confusion, countsOf } from '../foundation/confusion.ts';
import type { Stream } from './console.ts';
import { grouped } from './format.ts';

/** The matrix as lines at most `columns` wide, or undefined if it does not fit. */
export function confusionTable(
  { classes, counts }: Confusion,
  columns: number,
  paint: Stream['paint'],
  given?: readonly string[],
): string[] | undefined {
  if (!counts) return undefined;
  const cells = Array.from(counts, (count) => (count === 0 ? '·' : String(count)));
  const names = Array.from({ length: classes }, (_, c) => given?.[c] ?? String(c));
  const margin = Math.max(...names.map((name) => name.length));
  const width = Math.max(margin, ...cells.map((cell) => cell.length)) + 1;
  if (margin + 1 + classes * width >= columns) return undefined;
  const heading = names.map((name) => name.padStart(width)).join('');
  const lines = [paint('dim', `${' '.repeat(margin + 1)}${heading}`)];
  for (let actual = 0; actual < classes; actual++) {
    const row = cells.slice(actual * classes, (actual + 1) * classes).map((cell, predicted) => {
      const padded = cell.padStart(width);
      if (predicted === actual) return paint('bold', padded);
      return cell === '·' ? paint('dim', padded) : padded;
    });
    lines.push(`${paint('dim', names[actual]!.padStart(margin))} ${row.join('')}`);
  }
  return lines;
}

/** The matrix as rows of counts; undefined of more than 256 classes. */
export function confusionRows({ classes, counts }: Confusion): number[][] | undefined {
  if (!counts) return undefined;
  return Array.from({ length: classes }, (_, c) => [...counts.subarray(c * classes, (c + 1) * classes)]);
}

/** 9,799 of 10,000 right */
export function rightOf(confusion: Confusion): string {
  const { right, samples } = countsOf(confusion);
  return `${grouped(right)} of ${grouped(samples)} right`;
}
