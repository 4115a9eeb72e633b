/** The trainings that have ended, if there are several one after the other. */
import { shortEpoch } from '../foundation/format.ts';
import { figureCalled, figureText } from '../model/figure-text.ts';
import { html, type Markup } from '../report/page/markup.ts';
import { countOf } from '../report/page/overview.ts';
import type { RunSummary } from '../run/summary.ts';

/** A training that has ended. */
export interface Done {
  name: string;
  summary: RunSummary;
}

export function doneSection(done: readonly Done[]): Markup {
  if (done.length === 0) return html``;
  const names = Object.keys(done[0]!.summary.test ?? {}).filter((name) => name !== 'columns');
  const titles = names.map((name) => (name === 'loss' ? 'test loss' : figureCalled(name).title));
  const rows = done.map(({ name, summary }) => {
    const cells = names.map((figure) => {
      const value = summary.test?.[figure];
      return html`<td>${typeof value === 'number' ? figureText(figure, value) : ''}</td>`;
    });
    return html`<tr><th scope="row">${name}</th>${cells}<td>${shortEpoch(summary.epochs)}</td></tr>
`;
  });
  return html`<section>
<p>${countOf(done.length, 'training')} of several ended already:</p>
<div class="scroll"><table class="numbers"><thead><tr>${['', ...titles, 'epochs'].map(
    (title) => html`<th scope="col">${title}</th>`,
  )}</tr></thead>
<tbody>
${rows}</tbody></table></div>
</section>`;
}
