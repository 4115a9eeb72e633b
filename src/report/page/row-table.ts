/** Rows of a table beside the network's predictions. */
import type { Features, Samples } from '../../data/dataset.ts';
import { grouped } from '../../foundation/format.ts';
import type { Importance } from '../../training/importance.ts';
import { type Content, html, type Markup } from './markup.ts';

export type TableFeatures = Features & { kind: 'floats' };

/** Columns that are shown of a wide table. */
const mostColumns = 12;

/** A sample, and what stands before its cells. */
export interface ShownRow {
  index: number;
  cells: readonly Content[];
}

/** The rows with their raw cells. Of many columns, those that matter most. */
export function rowTable(
  features: TableFeatures,
  samples: Samples,
  importance: Importance | undefined,
  headings: readonly string[],
  rows: readonly ShownRow[],
): Markup {
  const width = features.columns.length;
  const columns = chosenColumns(width, importance);
  const lines = rows.map(
    ({ index, cells }) => html`<tr><th scope="row">#${grouped(index)}</th>${cells.map(
      (cell) => html`<td>${cell}</td>`,
    )}${columns.map((c) => html`<td class="cell">${cellText(features, samples, index, c)}</td>`)}</tr>
`,
  );
  const more = width - columns.length;
  return html`<div class="scroll"><table class="numbers rows">
<thead><tr>${['row', ...headings].map((title) => html`<th scope="col">${title}</th>`)}${columns.map(
    (c) => html`<th scope="col" class="cell">${features.columns[c]!.name}</th>`,
  )}</tr></thead>
<tbody>
${lines}</tbody></table></div>
${
  more > 0
    ? html`<p class="note">${columns.length} of ${width} columns${
        importance ? ', those that matter most' : undefined
      }.</p>`
    : undefined
}`;
}

/** In the order of the table. */
function chosenColumns(width: number, importance: Importance | undefined): number[] {
  const all = Array.from({ length: width }, (_, c) => c);
  if (width <= mostColumns) return all;
  const weight = (c: number) => importance?.columns[c]?.mean ?? 0;
  return all
    .toSorted((a, b) => weight(b) - weight(a))
    .slice(0, mostColumns)
    .sort((a, b) => a - b);
}

function cellText({ columns }: TableFeatures, { features }: Samples, index: number, c: number): string {
  const value = features[index * columns.length + c]!;
  if (Number.isNaN(value)) return '–';
  const column = columns[c]!;
  return column.kind === 'category' ? (column.words[value] ?? '–') : String(Number(value.toPrecision(6)));
}
