/** Frames for charts, which the program of a page fills. */
import type { Chart } from './browser/chart.ts';
import { html, type Markup } from './page/markup.ts';

export function chartFigures(charts: readonly Chart[]): Markup {
  const figures = charts.map(
    ({ title, note }) => html`<figure class="chart" data-chart="${title}">
<figcaption><b>${title}</b> ${note}</figcaption>
<div class="plot"></div>
</figure>
`,
  );
  return html`<div class="charts several">${figures}</div>`;
}
