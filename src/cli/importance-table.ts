/** The permutation importance of a table's columns, as lines for people. */

import type { Samples } from '../data/dataset.ts';
import { deviationText, figureCalled, figureText } from '../model/figure-text.ts';
import { type Importance, permutationImportance } from '../training/importance.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import { err, out } from './console.ts';
import { printTable } from './results.ts';

/** Measures all columns. In a terminal, a line shows how far that is. */
export function measureImportance(model: TrainedModel, samples: Samples): Importance {
  const erase = '\r\u001b[2K';
  const progress = (column: number, of: number) =>
    err.write(`${erase}permuting column ${column + 1} of ${of}`);
  const importance = permutationImportance(model, samples, err.live ? { progress } : {});
  if (err.live) err.write(erase);
  return importance;
}

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
