/** A form with a field for each column of a table. */
import { grouped } from '../../foundation/format.ts';
import type { RowInput, TryColumn } from '../browser/try/facts.ts';
import { html, type Markup } from './markup.ts';

/** Nobody fills in more; the columns after them keep what the row of the test set has. */
const mostFields = 200;

export function formFields({ columns }: RowInput): Markup {
  const more = columns.length - mostFields;
  return html`<form class="try-form" autocomplete="off">
${columns
  .slice(0, mostFields)
  .map((column, c) => (column.kind === 'number' ? numberField(column, c) : wordField(column, c)))}</form>
${
  more > 0
    ? html`<p class="note">${grouped(more)} more columns have no fields here. They keep what the row of the test
set has in them.</p>`
    : undefined
}`;
}

function numberField(
  { name, gap, usual, least, most, step }: TryColumn & { kind: 'number' },
  c: number,
): Markup {
  return html`<div data-column="${c}"><label for="try-${c}">${name}</label>
<input type="number" step="any" id="try-${c}" value="${usual}"${gap ? html` placeholder="missing"` : html` required`}>
<input type="range" aria-label="${name}, slider" min="${least}" max="${most}" step="${step}" value="${usual}"></div>
`;
}

function wordField({ name, gap, words }: TryColumn & { kind: 'category' }, c: number): Markup {
  const options = words.map((word, at) => html`<option value="${at}">${word}</option>`);
  return html`<div data-column="${c}"><label for="try-${c}">${name}</label>
<select id="try-${c}">${options}<option value="${words.length}">— another word —</option>${
    gap ? html`<option value="">— missing —</option>` : undefined
  }</select></div>
`;
}
