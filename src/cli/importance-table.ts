/** The permutation importance of a table's columns, as lines for people. */

import { deviationText, figureCalled, figureText } from '../model/figure-text.ts';
import type { Importance } from '../training/importance.ts';
import { out } from './console.ts';
import { printTable } from './results.ts';

export function printImportance({ figure, columns, repeats }: Importance): void {
  const { title, better } = figureCalled(figure);
  out.line();
  out.line(
    `how much the ${title} ${better === 'less' ? 'rises' : 'falls'} if a column is permuted, ` +
      `over ${repeats} repeats`,
  );
  const ordered = [...columns].sort((a, b) => b.mean - a.mean);
  printTable(
    [
      ['column', 'mean', 'deviation'],
      ...ordered.map(({ name, mean, deviation }) => [
        name,
        figureText(figure, mean),
        deviationText(figure, deviation),
      ]),
    ],
    'lrr',
  );
}
