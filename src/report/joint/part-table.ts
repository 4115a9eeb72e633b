/** The table of seeds or folds, with links to their pages. */
import { duration, shortEpoch } from '../../foundation/format.ts';
import { figureText } from '../../model/figure-text.ts';
import { runFiles } from '../../run/run-files.ts';
import { bestEpoch } from '../best-epoch.ts';
import { type Content, html, type Markup } from '../page/markup.ts';
import { spreadText } from '../spread.ts';
import { isJudged, type JointFacts, type Part } from './facts.ts';
import { jointFigures } from './tiles.ts';

export function partTable(facts: JointFacts): Markup {
  const { kind, parts } = facts;
  const figures = jointFigures(facts);
  const rows = parts.map((part) => {
    const { summary, epochs } = part.facts;
    const best = bestEpoch(part.facts)?.epoch;
    const cells: Content[] = [
      stateOf(part),
      ...figures.map(({ name, values }) => {
        const own = values.find((one) => one.part === part);
        return own ? figureText(name, own.value) : '–';
      }),
      shortEpoch(epochs.at(-1)?.epoch ?? 0),
      best === undefined ? '–' : shortEpoch(best),
      summary ? duration(summary.seconds) : '–',
      summary ? html`<code>${summary.weightsSha256.slice(0, 12)}</code>` : '–',
    ];
    const name = part.page ? html`<a href="${part.name}/${runFiles.report}">${part.number}</a>` : part.number;
    return html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`;
  });
  const heads = [
    ...[kind, 'state', ...figures.map(({ title }) => title)],
    ...['epochs', 'best epoch', 'time', 'weights sha256'],
  ];
  const means = figures.map(({ name, values }) =>
    spreadText(
      name,
      values.map(({ value }) => value),
    ),
  );
  const foot =
    figures.length > 0 && parts.length > 1
      ? html`<tfoot><tr><th scope="row">mean</th><td></td>${means.map((text) => html`<td>${text}</td>`)}<td colspan="4"></td></tr></tfoot>
`
      : undefined;
  return html`<section>
<h2>All ${kind}s</h2>
<p>Figures on the test set. A number leads to the page of its ${kind}.</p>
<div class="scroll"><table class="numbers beginnings">
<thead><tr>${heads.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
${foot}</table></div>
</section>`;
}

function stateOf({ facts }: Part): string {
  const { summary } = facts;
  if (isJudged(facts)) return summary!.stoppedEarly ? 'ended early' : 'finished';
  return summary?.stopped ? 'stopped' : 'not ended';
}
