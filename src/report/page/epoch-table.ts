/** The epochs as a table: the numbers of the curves, for readers without scripts, and for those who copy. */
import { grouped, shortEpoch } from '../../foundation/format.ts';
import { figureCalled, figureText } from '../../model/figure-text.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import { runFiles } from '../../run/run-files.ts';
import type { EpochRow } from '../../run/run-tables.ts';
import { bestEpoch } from '../best-epoch.ts';
import { type Content, html, type Markup } from './markup.ts';

/** The most rows of the table. */
const mostRows = 500;

export function epochSection(facts: RunFacts): Markup {
  const { epochs } = facts;
  if (epochs.length === 0) return html``;
  const rows = tabledRows(facts);
  const title = rows.length < epochs.length ? 'Epochs as numbers' : 'Every epoch as numbers';
  const note =
    rows.length < epochs.length
      ? html`<p>${grouped(rows.length)} of ${grouped(epochs.length)} rows, evenly chosen, with the first, the
best and the last. ${runFiles.metrics} has all of them.</p>`
      : undefined;
  return folded(title, note, epochTable({ ...facts, epochs: rows }));
}

/** The last rows of a training under way. */
export function newestEpochs({ epochs, timing }: RunFacts, most: number): Markup {
  if (epochs.length === 0) return html``;
  const rows = epochs.slice(-most);
  const note =
    rows.length < epochs.length
      ? html`<p class="note">The newest ${grouped(most)} of ${grouped(epochs.length)} rows.</p>`
      : undefined;
  return folded('Epochs as numbers', note, epochTable({ epochs: rows, timing: timing.slice(-most) }));
}

const folded = (title: string, note: Markup | undefined, table: Markup) =>
  html`<details><summary>${title}</summary>
${note}
<div class="scroll">${table}</div>
</details>`;

/** Every nth row, the first, the best and the last. */
function tabledRows(facts: RunFacts): EpochRow[] {
  const { epochs } = facts;
  if (epochs.length <= mostRows) return epochs;
  const best = bestEpoch(facts)?.epoch;
  const step = Math.ceil(epochs.length / (mostRows - 2));
  return epochs.filter(({ epoch }, i) => i % step === 0 || i === epochs.length - 1 || epoch === best);
}

function epochTable({ epochs, timing }: Pick<RunFacts, 'epochs' | 'timing'>): Markup {
  const seconds = new Map(timing.map((row) => [row.epoch, row.seconds]));
  const cell = (value: number | null | undefined, format: (value: number) => string): Content =>
    html`<td>${value === null || value === undefined ? '' : format(value)}</td>`;
  const trained = namesOf(epochs.map(({ train }) => train));
  const validated = namesOf(epochs.map(({ validation }) => validation));
  const rows = epochs.map(
    (row) => html`<tr><th scope="row">${shortEpoch(row.epoch)}</th>${cell(row.learningRate, significant)}${[
      ...trained.map((name) => cell(row.train[name], (value) => figureText(name, value))),
      ...validated.map((name) => cell(row.validation?.[name], (value) => figureText(name, value))),
      cell(seconds.get(row.epoch), (value) => value.toFixed(2)),
    ]}</tr>
`,
  );
  return html`<table class="numbers"><thead><tr>${[
    'epoch',
    'learning rate',
    ...trained.map((name, i) => (i === 0 ? `training ${name}` : figureCalled(name).title)),
    ...validated.map((name, i) => (i === 0 ? `val. ${name}` : figureCalled(name).title)),
    'seconds',
  ].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table>`;
}

/** The names of the figures that were taken. */
function namesOf(rows: readonly (object | undefined)[]): string[] {
  return Object.keys(rows.find((row) => row !== undefined) ?? {});
}

function significant(value: number): string {
  return String(Number(value.toPrecision(4)));
}
