/** The confusion matrix as a heat map of counts, and the most frequent confusions. */

import type { Confusion } from '../../foundation/confusion.ts';
import { grouped, percent } from '../../foundation/format.ts';
import type { DataFacts, RunFacts } from '../../run/run-facts.ts';
import { confusionsOf } from '../confusions.ts';
import type { Findings } from '../findings.ts';
import { cellKey, cellMistakes, clickableCells } from './cell-mistakes.ts';
import { html, type Markup } from './markup.ts';
import { wordsFor } from './words.ts';

/** With more classes than this, the map would have too many cells to read. */
const mostClasses = 40;

/** Confusions that are listed in words: beside the map, and without one. */
const listed = { beside: 10, alone: 20 };

/**
 * @param of of which samples it is, when it was taken, if not at the end, and whether confusion.csv has it;
 *   by default that of the test set
 * @param findings what makes its cells buttons that show mistakes
 */
export function confusionSection(
  { confusion, summary, underway }: Pick<RunFacts, 'confusion' | 'summary' | 'underway'>,
  { set, when = '', kept = true }: { set: string; when?: string; kept?: boolean } = { set: 'test' },
  findings?: Findings,
): Markup {
  if (!confusion) return html``;
  const found = confusionsOf(confusion);
  const { classNames } = (summary ?? underway ?? {}) as DataFacts;
  const nameOf = (c: number) => classNames?.[c] ?? String(c);
  const words = wordsFor({ summary, underway });
  const { one, many } = words;
  const clickable = clickableCells(findings);
  const errors = found.reduce((sum, { count }) => sum + count, 0);
  const mapped = confusion.classes <= mostClasses;
  const items = found.slice(0, mapped ? listed.beside : listed.alone).map(
    ({ actual, predicted, count, share }) =>
      html`<li>${toClick(
        clickable,
        [actual, predicted],
        html`<b>${nameOf(actual)}</b> taken for <b>${nameOf(predicted)}</b>`,
      )}
<span class="note">${grouped(count)} ×, ${percent(share)} of all ${nameOf(actual)}</span></li>
`,
  );
  const map = mapped
    ? heatMap(confusion, found[0]?.count ?? 0, { given: classNames, clickable })
    : html`<p>The matrix of ${confusion.classes} classes is ${
        kept ? 'in confusion.csv' : 'too large to be drawn'
      }.</p>`;
  return html`<section>
<h2>Confusion on the ${set} set${when}</h2>
<div class="beside">
${map}
<div>
<h3>Most frequent confusions</h3>
${
  errors === 0
    ? html`<p>None: every ${set} ${one} was classified right.</p>`
    : html`<p>${grouped(errors)} ${errors === 1 ? `${one} was` : `${many} were`} classified wrong.</p>
<ol class="confusions">
${items}</ol>`
}
</div>
</div>
${cellMistakes(findings, nameOf, words)}
</section>`;
}

/** A button, if there is something to see. */
function toClick(
  clickable: ReadonlySet<string>,
  [actual, predicted]: [number, number],
  text: Markup,
): Markup {
  const key = cellKey(actual, predicted);
  if (!clickable.has(key)) return text;
  return html`<button type="button" data-cell="${key}" aria-pressed="false">${text}</button>`;
}

function heatMap(
  { classes, counts }: Confusion,
  mostErrors: number,
  { given, clickable }: { given: readonly string[] | undefined; clickable: ReadonlySet<string> },
): Markup {
  const numbers = Array.from({ length: classes }, (_, c) => c);
  const nameOf = (c: number) => given?.[c] ?? String(c);
  const rows = numbers.map((actual) => {
    const row = counts!.subarray(actual * classes, (actual + 1) * classes);
    const support = row.reduce((sum, count) => sum + count, 0);
    const cells = numbers.map((predicted) => {
      const count = row[predicted]!;
      if (count === 0) return html`<td></td>`;
      const hit = actual === predicted;
      // At least a tenth, so that a single mistake is visible.
      const strength = hit ? count / support : Math.max(0.1, count / mostErrors);
      const kind = `${hit ? 'hit' : 'miss'}${strength >= 0.8 ? ' strong' : ''}`;
      const fill = `--s:${Math.round(strength * 100)}%`;
      const [own, other] = [nameOf(actual), nameOf(predicted)];
      const title = `${own} taken for ${other}: ${percent(count / support)} of all ${own}`;
      return html`<td class="${kind}" style="${fill}" title="${title}">${toClick(
        clickable,
        [actual, predicted],
        html`${count}`,
      )}</td>`;
    });
    return html`<tr><th scope="row">${nameOf(actual)}</th>${cells}</tr>
`;
  });
  const columns = numbers.map((c) => html`<th scope="col"><span>${nameOf(c)}</span></th>`);
  // Names that would widen the columns stand upright.
  const long = given?.some((name) => name.length > 4);
  return html`<div class="scroll"><table class="heat${classes > 16 ? ' dense' : ''}">
<thead><tr><td></td><th colspan="${classes}">taken for</th></tr>
<tr${long ? html` class="long"` : undefined}><th>actual</th>${columns}</tr></thead>
<tbody>
${rows}</tbody>
</table>
<p class="scale"><span class="hit"></span>right: how many of the row<br>
<span class="miss"></span>wrong: in proportion to the most frequent confusion</p></div>`;
}
