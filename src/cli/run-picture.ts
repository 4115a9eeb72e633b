/** A training as a small picture in a terminal: the curves of its figures, and the confusion matrix. */

import type { Figures } from '../contracts/figures.ts';
import type { Confusion } from '../foundation/confusion.ts';
import { figureText } from '../model/figure-text.ts';
import { type ConfusedPair, confusionsOf } from '../report/confusions.ts';
import type { Evaluation } from '../training/evaluation.ts';
import { figuresOf } from '../training/evaluation.ts';
import type { EpochFigures } from '../training/run-state.ts';
import { confusionTable } from './confusion-table.ts';
import type { Stream } from './console.ts';

const bars = '▁▂▃▄▅▆▇█';

/** The most columns of a sparkline. */
const longest = 40;

/** The most classes. More would be more numbers than anybody reads in a terminal. */
const mostClasses = 12;

/** Number of confusions that are named beside the matrix, and their columns. */
const named = 6;
const besideWidth = 22;

/** Lines that should be visible together with the matrix: headings, the curves and the result. */
const besideResult = 16;

/** The lines of the picture, as far as they fit. None if the stream is no terminal. */
export function pictureLines(
  to: Stream,
  epochs: readonly EpochFigures[],
  confusion: Confusion | undefined,
): string[] {
  if (!to.live) return [];
  const lines = curveLines(to, epochs);
  if (confusion) lines.push(...matrixLines(to, confusion));
  return lines;
}

/** Loss and accuracy over the epochs, of the watched set, or else of the training. */
function curveLines(to: Stream, epochs: readonly EpochFigures[]): string[] {
  const watched = epochs.some(({ validation }) => validation);
  const figures = epochs
    .map(({ train, validation }): Figures | Evaluation | undefined => (watched ? validation : train))
    .filter((figures) => figures !== undefined);
  if (figures.length < 3) return [];
  const set = watched ? 'val' : 'train';
  const line = (name: string, values: readonly number[], format: (value: number) => string) =>
    `${to.paint('dim', `${set} ${name}`.padEnd(14))} ${to.paint('cyan', sparkline(values, longest))}  ` +
    `${format(values[0]!)} → ${format(values.at(-1)!)}`;
  const [trained] = Object.keys(epochs[0]!.train).filter((name) => name !== 'loss');
  return ['loss', trained!].map((name) =>
    line(
      name,
      figures.map((all) => figuresOf(all)[name]!),
      (value) => figureText(name, value),
    ),
  );
}

/** ▇▅▃▂▁: a bar for each value. Of more than `width` values, only `width` evenly spaced ones. */
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

/**
 * The matrix of the test set, and beside it the most frequent confusions. Nothing if the result would then
 * leave the screen.
 */
function matrixLines(to: Stream, confusion: Confusion): string[] {
  const { classes } = confusion;
  if (classes > mostClasses || classes + besideResult > to.rows()) return [];
  const matrix = confusionTable(confusion, to.columns() - besideWidth, to.paint);
  if (!matrix) return [];
  const confused = confusionsOf(confusion).slice(0, named).map(pairText);
  const beside = confused.length > 0 ? [to.paint('dim', 'confused most'), ...confused] : [];
  return [
    '',
    to.paint('dim', 'test images by actual class (rows) and what they were taken for (columns)'),
    ...matrix.map((row, i) => (beside[i] === undefined ? row : `${row}     ${beside[i]}`)),
  ];
}

/** 4 as 9    12 × */
function pairText({ actual, predicted, count }: ConfusedPair): string {
  return `${`${actual} as ${predicted}`.padEnd(8)} ${count} ×`;
}
