/** The page that lays runs over each other: comparison.html, one file that needs no network. */
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { shellWord } from '../../foundation/shell-word.ts';
import { runFiles } from '../../run/run-files.ts';
import { breakable } from '../breakable.ts';
import { programElement } from '../page/assets.ts';
import { html, jsonElement, type Markup } from '../page/markup.ts';
import { shell } from '../page/shell.ts';
import { comparisonCharts, curvesSection } from './curves.ts';
import type { Compared } from './facts.ts';
import { figureTable } from './figure-table.ts';
import { groupsBy, names, remarksOn, sameBits } from './remarks.ts';
import { runName } from './run-name.ts';
import { differingSettings, settingsOf } from './settings.ts';

/** @param file where the page will lie; links to the pages of the runs begin there */
export function comparisonPage(compared: readonly Compared[], file: string): string {
  const linkOf = (one: Compared) =>
    one.page ? linkFrom(file, join(one.folder, runFiles.report)) : undefined;
  const charts = comparisonCharts(compared);
  return shell(
    `${compared.length} runs compared · Lockstep`,
    html`${head(compared, linkOf)}
${figures(compared, linkOf)}
${settings(compared)}
${curvesSection(compared, charts)}
${again(compared)}`,
    html`${jsonElement('charts', charts)}
${programElement('page')}`,
  );
}

type LinkOf = (one: Compared) => string | undefined;

/** Relative, so that the pages may move together. Undefined if the other file is on another drive. */
function linkFrom(file: string, to: string): string | undefined {
  const path = relative(dirname(resolve(file)), resolve(to));
  if (isAbsolute(path)) return undefined;
  return path.split(/[\\/]/).map(encodeURIComponent).join('/');
}

function head(compared: readonly Compared[], linkOf: LinkOf): Markup {
  const remarks = remarksOn(compared);
  const twins = sameBits(compared).map(
    (group) =>
      html`<p><b>The same bits:</b> ${names(group)} ended with the same weights, number by number.</p>`,
  );
  return html`<header>
<h1>${compared.length} runs compared</h1>
<ul class="runs">
${compared.map(
  (one) => html`<li>${runName(one, linkOf(one))} <span class="note">${whatIs(one)}</span></li>
`,
)}</ul>
${remarks.map((text) => html`<p class="warning">${text}</p>`)}
${twins}
</header>`;
}

/** `mnist, seed 5`, or of several `mnist, 3 seeds` */
function whatIs({ runs, kind }: Compared): string {
  const { name, seed } = runs[0]!.experiment;
  return kind === 'run'
    ? `${name}, seed ${seed}`
    : `${name}, ${runs.length} ${kind}${runs.length > 1 ? 's' : ''}`;
}

function figures(compared: readonly Compared[], linkOf: LinkOf): Markup {
  const groups = groupsBy(compared, ({ task }) => task);
  const judged = compared.some(({ runs }) => runs.some(({ summary }) => summary?.test));
  const sentences = [
    ...(judged ? ['The best figure on the test set is in bold type.'] : []),
    compared.every(({ runs }) => runs.length === 1)
      ? 'One run says little about another: --seeds 5 shows what chance alone does.'
      : 'Of several seeds or folds: mean ± standard deviation.',
  ];
  return html`<section>
<h2>Figures</h2>
<p>${sentences.join(' ')}</p>
${groups.map(
  (group) => html`${groups.length > 1 ? html`<h3>${group[0]!.task}</h3>` : undefined}
${figureTable(group, linkOf)}`,
)}
</section>`;
}

function settings(compared: readonly Compared[]): Markup {
  const differences = differingSettings(
    compared.map(({ runs }) => settingsOf(runs.map(({ experiment }) => experiment))),
  );
  const rows = differences.map(
    ({ path, values }) => html`<tr><th scope="row"><code>${breakable(path)}</code></th>
${values.map((value) => html`<td class="words">${value ?? html`<span class="note">not set</span>`}</td>`)}</tr>
`,
  );
  return html`<section>
<h2>What differs in the settings</h2>
${
  differences.length === 0
    ? html`<p>Nothing: the experiments are the same, setting by setting.</p>`
    : html`<p>All other settings are the same. Nothing under <code>execution</code> changes a bit of the result.</p>
<div class="scroll"><table class="numbers beginnings named settings">
<thead><tr><th scope="col">setting</th>${compared.map(
        (one) => html`<th scope="col">${runName(one, undefined)}</th>`,
      )}</tr></thead>
<tbody>
${rows}</tbody></table></div>`
}
</section>`;
}

function again(compared: readonly Compared[]): Markup {
  const folders = compared.map(({ folder }) => shellWord(folder)).join(' ');
  return html`<section>
<h2>Write it again</h2>
<pre>npx train report ${folders}</pre>
</section>`;
}
