/** Values: predicted against actual ones, and the residuals. */
import { grouped } from '../../foundation/format.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import type { Findings } from '../findings.ts';
import { numberScale, type Scale } from './axis.ts';
import { html, type Markup } from './markup.ts';
import { frame, round } from './plot.ts';
import { residualHistogram } from './residual-histogram.ts';
import { wordsFor } from './words.ts';

/** The most targets that are drawn, the most points of each, and the most residuals that are counted. */
const [mostTargets, mostPoints, mostCounted] = [8, 800, 50_000];

interface Point {
  actual: number;
  predicted: number;
}

export function fitSection(facts: RunFacts, { signature, test, predicted }: Findings): Markup {
  const { targets } = signature;
  if (targets.kind !== 'values' || !predicted) return html``;
  const { names } = targets;
  const shown = Math.min(test.count, mostPoints);
  const { many } = wordsFor(facts);
  const charts = names.slice(0, mostTargets).map((name, c) => {
    const pointOf = (sample: number): Point => {
      const at = sample * names.length + c;
      return { actual: test.targets[at]!, predicted: predicted[at]! };
    };
    // Evenly over the test set, so that a part stands for the whole.
    const points = Array.from({ length: shown }, (_, i) => pointOf(Math.floor((i * test.count) / shown)));
    const counting = Math.min(test.count, mostCounted);
    const errors = Array.from({ length: counting }, (_, i) => {
      const { actual, predicted } = pointOf(Math.floor((i * test.count) / counting));
      return predicted - actual;
    });
    return html`<div class="charts">
${agreement(name, points)}
${residuals(name, points)}
${residualHistogram(name, errors)}
</div>
`;
  });
  return html`<section>
<h2>Predicted and actual values</h2>
<p>Of ${shown < test.count ? `${shown} of the ${test.count}` : `all ${test.count}`} test ${many}. On the line
in the first chart, both are equal; the residual is the predicted value less the actual one.${
    shown < test.count
      ? ` The histogram counts ${test.count > mostCounted ? grouped(mostCounted) : 'all'} of them.`
      : ''
  }${names.length > mostTargets ? ` The first ${mostTargets} of ${names.length} values are drawn.` : ''}</p>
${charts}</section>`;
}

/** The predicted value against the actual one, on equal axes. */
function agreement(name: string, points: readonly Point[]): Markup {
  const scale = scaleFor(points.flatMap(({ actual, predicted }) => [actual, predicted]));
  const picture = frame(
    {
      width: 440,
      height: 320,
      horizontal: scale,
      vertical: scale,
      name: `${name}: predicted against actual`,
      below: 'actual',
    },
    (x, y) => [
      html`<line class="ideal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>
`,
      points.map(({ actual, predicted }) => dot(x(scale.place(actual)), y(scale.place(predicted)))),
    ],
  );
  return html`<figure class="chart"><figcaption><b>${name}</b> predicted against actual</figcaption>
${picture}</figure>`;
}

/** The residual against the predicted value. */
function residuals(name: string, points: readonly Point[]): Markup {
  const horizontal = scaleFor(points.map(({ predicted }) => predicted));
  const errors = points.map(({ actual, predicted }) => predicted - actual);
  const vertical = scaleFor([0, ...errors]);
  const picture = frame(
    {
      width: 440,
      height: 320,
      horizontal,
      vertical,
      name: `${name}: residuals against predicted`,
      below: 'predicted',
    },
    (x, y) => {
      const zero = round(y(vertical.place(0)));
      return [
        html`<line class="ideal" x1="${x(0)}" y1="${zero}" x2="${x(1)}" y2="${zero}"/>
`,
        points.map(({ predicted }, i) => dot(x(horizontal.place(predicted)), y(vertical.place(errors[i]!)))),
      ];
    },
  );
  return html`<figure class="chart"><figcaption><b>${name}</b> residuals against predicted</figcaption>
${picture}</figure>`;
}

function dot(x: number, y: number): Markup {
  return html`<circle cx="${round(x)}" cy="${round(y)}" r="3"/>
`;
}

/** An axis around these values, with a little room. */
function scaleFor(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low) * 0.04 || Math.abs(high) * 0.05 || 1;
  return numberScale(low - room, high + room);
}
