/** Precision, recall, F1 and support of each class. */

import { type ClassMetrics, classMetrics, mostDenseClasses } from '../../foundation/confusion.ts';
import { grouped, percent } from '../../foundation/format.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import { namedClasses, worstClasses } from '../worst-classes.ts';
import { html, type Markup } from './markup.ts';
import { wordsFor } from './words.ts';

const figures = ['precision', 'recall', 'f1'] as const;
type Figure = (typeof figures)[number];

export function classSection({ confusion, summary }: RunFacts): Markup {
  if (!confusion || !summary?.test) return html``;
  const { test } = summary;
  const { many } = wordsFor({ summary });
  const all = namedClasses(classMetrics(confusion), summary.classNames);
  const classes = all.length > mostDenseClasses ? worstClasses(all) : all;
  const lowest = (figure: Figure) => Math.min(...classes.map((one) => one[figure]));
  const marks = classes.length > 2 && classes.length === all.length;
  // With only two classes, one is always the lower, so neither is marked.
  const marked = new Map(figures.map((figure) => [figure, marks ? lowest(figure) : undefined]));
  const cell = (one: ClassMetrics, figure: Figure) => {
    const share = one[figure];
    return html`<td class="${share === marked.get(figure) ? 'lowest' : ''}">
<span class="bar" style="--s:${(share * 100).toFixed(1)}%"></span>
<span class="share">${percent(share)}</span></td>`;
  };
  const rows = classes.map(
    (one) => html`<tr><th scope="row">${one.name}</th>
${figures.map((figure) => cell(one, figure))}<td>${grouped(one.support)}</td></tr>
`,
  );
  const support = all.reduce((sum, one) => sum + one.support, 0);
  return html`<section>
<h2>Classes</h2>
<p>Precision: of the ${many} taken for this class, the share that is. Recall: of the ${many} of this class,
the share that was found. F1: their harmonic mean. Support: test ${many} of the class. The last row has the macro
averages and the whole test set. ${
    classes.length < all.length
      ? html`These are the ${classes.length} of the lowest F1, of ${all.length} classes.`
      : marks
        ? html`The lowest of each column is <b class="lowest">marked</b>.`
        : undefined
  }</p>
<div class="scroll"><table class="numbers classes">
<thead><tr>${['class', 'precision', 'recall', 'F1', 'support'].map(
    (title) => html`<th scope="col">${title}</th>`,
  )}</tr></thead>
<tbody>
${rows}</tbody>
<tfoot><tr><th scope="row">all</th>
${figures.map((figure) => html`<td>${percent(test[figure] as number)}</td>`)}
<td>${grouped(support)}</td></tr></tfoot>
</table></div>
</section>`;
}
