/** A training as a small picture in a terminal: how its figures went, and what was taken for what. */
import type { Confusion } from '../foundation/metrics.ts';
import { confusionsOf } from '../report/confusions.ts';
import type { EpochEvent } from '../train.ts';
import type { Stream } from './console.ts';
import { percent } from './format.ts';

const bars = '▁▂▃▄▅▆▇█';

/** Columns of a sparkline at most. */
const longest = 40;

/** More classes would be more numbers than anybody reads in a terminal. */
const mostClasses = 12;

/** Confusions that are named beside the matrix. */
const named = 6;

/** The picture, as far as it fits; no lines at all where nobody watches. */
export function pictureLines(
  to: Stream,
  epochs: readonly EpochEvent[],
  confusion: Confusion | undefined,
): string[] {
  if (!to.live) return [];
  const lines = curveLines(to, epochs);
  if (confusion && fits(to, confusion)) lines.push('', ...matrixLines(to, confusion));
  return lines;
}

/** The matrix may take half of the screen, so that the result is seen with it. */
function fits(to: Stream, { classes, counts }: Confusion): boolean {
  const width = 8 + classes * cellWidth(counts) + 20;
  return classes <= mostClasses && width < to.columns() && classes + 15 <= to.rows();
}

function cellWidth(counts: Uint32Array): number {
  return Math.max(2, String(Math.max(...counts)).length) + 1;
}

/** Loss and accuracy over the epochs, of the set that is watched or else of the training. */
function curveLines(to: Stream, epochs: readonly EpochEvent[]): string[] {
  const watched = epochs.some(({ validation }) => validation);
  const figures = epochs
    .map(({ train, validation }) => (watched ? validation : train))
    .filter((figures) => figures !== undefined);
  if (figures.length < 3) return [];
  const set = watched ? 'val' : 'train';
  const line = (name: string, values: readonly number[], format: (value: number) => string) =>
    `${to.paint('dim', `${set} ${name}`.padEnd(14))} ${to.paint('cyan', sparkline(values, longest))}  ` +
    `${format(values[0]!)} → ${format(values.at(-1)!)}`;
  const four = (value: number) => value.toFixed(4);
  return [
    line(
      'loss',
      figures.map(({ loss }) => loss),
      four,
    ),
    line(
      'accuracy',
      figures.map(({ accuracy }) => accuracy),
      percent,
    ),
  ];
}

/** ▇▅▃▂▁: one bar a value, from the least to the greatest; of more than `width` values, as many evenly spaced. */
export function sparkline(values: readonly number[], width: number): string {
  const count = Math.min(values.length, width);
  const shown = Array.from(
    { length: count },
    (_, i) => values[Math.round((i * (values.length - 1)) / Math.max(1, count - 1))]!,
  );
  const least = Math.min(...shown);
  const span = Math.max(...shown) - least;
  return shown
    .map((value) => bars[span > 0 ? Math.round(((value - least) / span) * (bars.length - 1)) : 0])
    .join('');
}

/** Rows of actual classes, columns of predicted ones; beside it what is confused most. */
function matrixLines(to: Stream, confusion: Confusion): string[] {
  const { classes, counts } = confusion;
  const width = cellWidth(counts);
  const confused = confusionsOf(confusion);
  const most = confused[0]?.count ?? 0;
  const beside = confused.length > 0 ? ['confused most', ...confused.slice(0, named).map(pairText)] : [];
  const cell = (count: number, hit: boolean): string => {
    const text = (count === 0 ? '·' : String(count)).padStart(width);
    if (hit) return to.paint('bold', text);
    if (count === 0) return to.paint('dim', text);
    return count * 2 >= most ? to.paint('yellow', text) : text;
  };
  const names = Array.from({ length: classes }, (_, c) => c);
  const head = to.paint('dim', `actual ${names.map((name) => String(name).padStart(width)).join('')}`);
  const rows = names.map((actual) => {
    const cells = names.map((predicted) => cell(counts[actual * classes + predicted]!, actual === predicted));
    return `${to.paint('dim', String(actual).padStart(6))} ${cells.join('')}`;
  });
  const matrix = [head, ...rows].map((row, i) => {
    if (beside[i] === undefined) return row;
    return `${row}     ${i === 0 ? to.paint('dim', beside[i]) : beside[i]}`;
  });
  return [
    to.paint('dim', 'test images by actual class (rows) and what they were taken for (columns)'),
    ...matrix,
  ];
}

/** 4 for 9    12 × */
function pairText({
  actual,
  predicted,
  count,
}: {
  actual: number;
  predicted: number;
  count: number;
}): string {
  return `${`${actual} as ${predicted}`.padEnd(8)} ${count} ×`;
}
