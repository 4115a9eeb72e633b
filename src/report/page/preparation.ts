/** What prepared the data: how the cells of each column became the inputs of the network. */

import type { Signature } from '../../data/split.ts';
import { significant } from '../../foundation/format.ts';
import { type Content, html, type Markup } from './markup.ts';

/** Words of a column that are shown. */
const mostWords = 40;

export function preparationSection({ preparation, targets, unit }: Signature): Markup {
  if (preparation.kind === 'pixels') return html``;
  const rows = preparation.columns.map((column) => {
    const missing = column.flagged ? 'one more input says so' : '';
    if (column.kind === 'category') {
      const more = column.words.length - mostWords;
      const words = `${column.words.slice(0, mostWords).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
      return row(
        column.name,
        'words',
        html`<td colspan="2" class="words">one input each: ${words}</td>`,
        missing,
      );
    }
    const stand = column.missing === undefined ? '' : number(column.missing);
    return row(
      column.name,
      'number',
      html`<td>${number(column.shift)}</td><td>${number(column.scale)}</td>`,
      [stand, missing].filter((text) => text !== '').join('; '),
    );
  });
  const outputs =
    targets.kind === 'values'
      ? targets.names.map((name, c) =>
          row(
            name,
            'predicted',
            html`<td>${number(unit.mean[c]!)}</td><td>${number(unit.deviation[c]!)}</td>`,
            '',
          ),
        )
      : [];
  return html`<section>
<h2>How the data was prepared</h2>
<p>Fitted to the rows that were trained on. Evaluation and prediction do the same with raw rows.</p>
<details><summary>Every column</summary>
<p>A number x becomes (x − shift) / scale. A word becomes 1 in its own input and 0 in the others.${
    outputs.length > 0 ? ' A predicted value is shift + scale × output.' : ''
  }</p>
<div class="scroll"><table class="numbers preparation">
<thead><tr>${['column', 'kind', 'shift', 'scale', 'if missing'].map(
    (heading) => html`<th scope="col">${heading}</th>`,
  )}</tr></thead>
<tbody>
${rows}${outputs}</tbody></table></div>
</details>
</section>`;
}

function row(name: string, kind: string, cells: Content, missing: string): Markup {
  return html`<tr><th scope="row">${name}</th><td>${kind}</td>${cells}<td>${missing}</td></tr>
`;
}

const number = (value: number) => (value === 0 || value === 1 ? String(value) : significant(value));
