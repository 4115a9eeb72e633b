/** The figures of each class and its confusions, as lines for people. */
import { type Confusion, classMetrics, mostDenseClasses } from '../foundation/confusion.ts';
import { confusionsOf } from '../report/confusions.ts';
import { namedClasses, worstClasses } from '../report/worst-classes.ts';
import { confusionTable } from './confusion-table.ts';
import { out, warn } from './console.ts';
import { grouped, percent } from './format.ts';
import { printTable } from './results.ts';

/** Confusions that are listed if the matrix is too wide. */
const mostConfusions = 20;

/** A pipe takes any width, but longer lines than this are useless. */
const pipeColumns = 200;

/** Prints a table of the classes, of more than 256 the worst, and the confusion matrix or its beginning. */
export function printClasses(confusion: Confusion, names: readonly string[] | undefined): void {
  const all = namedClasses(classMetrics(confusion), names);
  const shown = all.length > mostDenseClasses ? worstClasses(all) : all;
  out.line();
  if (shown.length < all.length) out.line(`the ${shown.length} classes of the lowest F1, of ${all.length}`);
  printTable(
    [
      ['class', 'precision', 'recall', 'F1', 'samples'],
      ...shown.map(({ name, precision, recall, f1, support }) => [
        name,
        percent(precision),
        percent(recall),
        percent(f1),
        grouped(support),
      ]),
    ],
    'rrrrr',
  );
  const absent = all.filter(({ support }) => support === 0).length;
  if (absent > 0) warn(`${absent} of ${all.length} classes ${absent === 1 ? 'has' : 'have'} no samples here`);
  const lines = confusionTable(confusion, out.live ? out.columns() : pipeColumns, out.paint, names);
  if (!lines) {
    printConfusions(confusion, (c) => names?.[c] ?? String(c));
    return;
  }
  out.line();
  out.line('rows: the class of a sample; columns: what was predicted');
  for (const line of lines) out.line(line);
}

/** The most frequent confusions, if the matrix is too wide to be shown. */
function printConfusions(confusion: Confusion, nameOf: (c: number) => string): void {
  const found = confusionsOf(confusion);
  const shown = found.slice(0, mostConfusions);
  out.line();
  if (found.length === 0) {
    out.line('no class was taken for another');
    return;
  }
  out.line(
    found.length > shown.length
      ? `the ${shown.length} most frequent of ${grouped(found.length)} confusions; --json has all`
      : 'confusions, the most frequent first',
  );
  printTable(
    [
      ['actual', 'predicted', 'samples', 'of the class'],
      ...shown.map(({ actual, predicted, count, share }) => [
        nameOf(actual),
        nameOf(predicted),
        grouped(count),
        percent(share),
      ]),
    ],
    'llrr',
  );
}
