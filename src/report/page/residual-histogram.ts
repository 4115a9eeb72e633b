/** How often residuals of each size occur. */
import { meanAndDeviation } from '../../foundation/statistics.ts';
import { numberScale, roundStep, shortNumber } from './axis.ts';
import { html, type Markup } from './markup.ts';
import { frame, round } from './plot.ts';

/** About so many bars. */
const bars = 24;

/** @param residuals predicted less actual, at least one */
export function residualHistogram(name: string, residuals: readonly number[]): Markup {
  const [low, high] = [Math.min(...residuals), Math.max(...residuals)];
  const step = roundStep((high - low) / bars || Math.abs(high) / bars);
  // Bars begin at multiples of the step, so that 0 is between two of them.
  const first = Math.floor(low / step);
  const counts = new Array<number>(Math.floor(high / step) - first + 1).fill(0);
  for (const residual of residuals) counts[Math.floor(residual / step) - first]!++;
  const horizontal = numberScale(first * step, (first + counts.length) * step);
  const vertical = numberScale(0, Math.max(...counts) * 1.05);
  const { mean, deviation } = meanAndDeviation(residuals);
  const picture = frame(
    {
      ...{ width: 440, height: 320, horizontal, vertical },
      name: `${name}: histogram of the residuals`,
      below: `residual, in steps of ${shortNumber(step)}`,
    },
    (x, y) => [
      counts.map((count, i) => {
        const [left, right, top] = [
          x(i / counts.length),
          x((i + 1) / counts.length),
          y(vertical.place(count)),
        ];
        return html`<rect x="${round(left + 0.5)}" y="${round(top)}" width="${round(right - left - 1)}"
height="${round(y(0) - top)}"/>
`;
      }),
      low < 0 && high > 0 ? zeroLine(round(x(horizontal.place(0))), [y(0), y(1)]) : undefined,
    ],
  );
  return html`<figure class="chart"><figcaption><b>${name}</b> residuals: mean ${shortNumber(mean)}, deviation
${shortNumber(deviation)}</figcaption>
${picture}</figure>`;
}

function zeroLine(x: number, [from, to]: [number, number]): Markup {
  return html`<line class="ideal" x1="${x}" x2="${x}" y1="${from}" y2="${to}"/>
`;
}
