/** The figures of each value or flag, if there are several. */
import { figureCalled, figureText } from '../../model/figure-text.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import type { Findings } from '../findings.ts';
import { html, type Markup } from './markup.ts';

export function targetSection({ summary }: RunFacts, findings: Findings | undefined): Markup {
  const entries = Object.entries(summary?.test?.columns ?? {}).map(
    ([name, figures]) => [name, { ...figures, ...findings?.ranking?.columns?.[name] }] as const,
  );
  if (entries.length < 2) return html``;
  const names = [...new Set(entries.flatMap(([, figures]) => Object.keys(figures)))];
  const flags = summary!.task === 'flags';
  const rows = entries.map(
    ([name, figures]) => html`<tr><th scope="row">${name}</th>${names.map(
      (figure) => html`<td>${figure in figures ? figureText(figure, figures[figure]!) : '–'}</td>`,
    )}</tr>
`,
  );
  return html`<section>
<h2>${flags ? 'Flags' : 'Values'}</h2>
<p>The figures of each on the test set${flags ? '; precision, recall and F1 are those of yes' : ''}.</p>
<div class="scroll"><table class="numbers targets">
<thead><tr>${[flags ? 'flag' : 'value', ...names.map((name) => figureCalled(name).title)].map(
    (title) => html`<th scope="col">${title}</th>`,
  )}</tr></thead>
<tbody>
${rows}</tbody></table></div>
</section>`;
}
