/** Each figure as a row of dots, one for each seed or fold, with their mean and deviation. */
import { meanAndDeviation } from '../../foundation/statistics.ts';
import { figureText } from '../../model/figure-text.ts';
import { figureScale } from '../figure-scale.ts';
import { html, type Markup } from '../page/markup.ts';
import { drawing, label, round } from '../page/plot.ts';
import { capital } from '../page/words.ts';
import { spreadText } from '../spread.ts';
import type { JointFacts } from './facts.ts';
import { type JointFigure, jointFigures } from './tiles.ts';

/** With more than this, the rows have no room for their names. */
const mostNamed = 20;

/** Of a single run there is nothing to be seen. */
export function dotsSection(facts: JointFacts): Markup {
  const figures = jointFigures(facts).filter(({ values }) => values.length > 1);
  if (figures.length === 0) return html``;
  return html`<section>
<h2>The figures of each ${facts.kind}</h2>
<p>A dot for each ${facts.kind}. The line is their mean, the band one standard deviation to both sides.</p>
<div class="charts">${figures.map((figure) => dots(figure, facts.kind))}</div>
</section>`;
}

function dots(figure: JointFigure, kind: string): Markup {
  const { name, title, note, values } = figure;
  const numbers = values.map(({ value }) => value);
  const { mean, deviation } = meanAndDeviation(numbers);
  const low = Math.min(mean - deviation, ...numbers);
  const high = Math.max(mean + deviation, ...numbers);
  const room = (high - low) * 0.06 || Math.abs(mean) * 0.01 || 1;
  const scale = figureScale(name, low - room, high + room);
  const named = values.length <= mostNamed;
  const step = named ? 18 : Math.max(3, 320 / values.length);
  const [width, top] = [440, 6];
  const [left, right, bottom] = [64, width - 14, top + step * values.length + 6];
  const x = (value: number) => round(left + scale.place(value) * (right - left));
  const y = (row: number) => round(top + (row + 0.5) * step + 3);
  const ticks = scale.ticks.map(({ place, label: text }) => {
    const at = round(left + place * (right - left));
    return html`<line class="grid" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/>
${label(at, bottom + 16, text, 'middle')}`;
  });
  const names = named
    ? values.map(({ part }, row) => label(left - 8, y(row) + 4, `${kind} ${part.number}`, 'end'))
    : undefined;
  const points = values.map(
    ({ part, value }, row) =>
      html`<circle cx="${x(value)}" cy="${y(row)}" r="${named ? 5 : 3}"><title>${kind} ${part.number}: ${figureText(name, value)}</title></circle>
`,
  );
  const [from, to] = [x(mean - deviation), x(mean + deviation)];
  const picture = drawing(width, bottom + 24, `${title} of each ${kind}`, [
    html`<rect class="band" x="${from}" width="${round(to - from)}" y="${top}" height="${bottom - top}"/>
<g class="axis">${ticks}${names}</g>
<line class="mean" x1="${x(mean)}" x2="${x(mean)}" y1="${top}" y2="${bottom}"/>
${points}`,
  ]);
  return html`<figure class="chart"><figcaption><b>${capital(title)}</b> ${spreadText(name, numbers)}${
    note === undefined ? undefined : `, ${note}`
  }</figcaption>
${picture}</figure>
`;
}
