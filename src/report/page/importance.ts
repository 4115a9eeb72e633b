/** How much each column of a table matters, as bars. */
import { grouped } from '../../foundation/format.ts';
import { deviationText, figureCalled, figureText } from '../../model/figure-text.ts';
import type { Importance } from '../../training/importance.ts';
import { html, type Markup } from './markup.ts';

/** Rows of the table. */
const mostRows = 40;

export function importanceSection(importance: Importance | undefined): Markup {
  if (!importance) return html``;
  const { figure, columns, samples, repeats } = importance;
  const { title, better } = figureCalled(figure);
  const ordered = [...columns].sort((a, b) => b.mean - a.mean);
  const largest = Math.max(...columns.map(({ mean }) => mean));
  const rows = ordered.slice(0, mostRows).map(({ name, mean, deviation }) => {
    const share = largest > 0 ? Math.max(0, mean / largest) : 0;
    return html`<tr><th scope="row">${name}</th>
<td><span class="bar" style="--s:${(share * 100).toFixed(1)}%"></span>
<span class="share">${figureText(figure, mean)}</span></td>
<td>± ${deviationText(figure, deviation)}</td></tr>
`;
  });
  const change = better === 'less' ? 'rises' : 'falls';
  return html`<section>
<h2>Which columns matter</h2>
<p>How much the ${title} ${change} if the cells of a column change places (permutation importance), on
${grouped(samples)} test rows: mean and standard deviation of ${repeats} repeats. Columns that tell the same
can stand in for each other, and then none of them seems to matter.</p>
<div class="scroll"><table class="numbers classes importance">
<thead><tr>${['column', `${title} ${change} by`, 'deviation'].map(
    (heading) => html`<th scope="col">${heading}</th>`,
  )}</tr></thead>
<tbody>
${rows}</tbody></table></div>
${columns.length > mostRows ? html`<p>The first ${mostRows} of ${columns.length} columns.</p>` : undefined}
</section>`;
}
