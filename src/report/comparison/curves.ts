/** The curves of a comparison: a chart for each figure, with all runs in it. */
import type { Chart } from '../browser/chart.ts';
import { chartFigures } from '../chart-figures.ts';
import { curvesOf, figureNote, figuresDrawn, meanCurves, watchedSet } from '../figure-curves.ts';
import { html, type Markup } from '../page/markup.ts';
import { capital } from '../page/words.ts';
import { chartOf, type Trace } from '../traces.ts';
import type { Compared } from './facts.ts';
import { groupsBy } from './remarks.ts';
import { colourOf, runColours } from './run-name.ts';

/** The charts of all tasks. Figures of different tasks are not in one chart, even if they have one name. */
export function comparisonCharts(compared: readonly Compared[]): Chart[] {
  const groups = groupsBy(compared, ({ task }) => task);
  return groups.flatMap((group) => chartsOf(group, groups.length > 1));
}

function chartsOf(compared: readonly Compared[], several: boolean): Chart[] {
  const { task } = compared[0]!;
  const charts = figuresDrawn(task).map((figure) => {
    const title = capital(figure.title) + (several ? ` of ${task}` : '');
    const traces = compared.flatMap((one) => tracesOf(one, figure.name));
    return chartOf({ title, note: figureNote(figure), unit: figure.unit }, traces);
  });
  return charts.filter(({ series }) => series.length > 0);
}

function tracesOf(one: Compared, figure: string): Trace[] {
  const { runs, name } = one;
  const { training, validation } = meanCurves(runs.map((run) => curvesOf(run, figure)));
  const traces: Trace[] = [
    { name: `${name}, training`, role: 'training', points: training },
    { name: `${name}, ${watchedSet(runs)}`, role: 'validation', points: validation },
  ];
  return traces.filter(({ points }) => points.length > 0).map((trace) => ({ ...trace, run: colourOf(one) }));
}

export function curvesSection(compared: readonly Compared[], charts: readonly Chart[]): Markup {
  if (charts.length === 0)
    return html`<section>
<h2>Learning curves</h2>
<p>No run has any figures yet.</p>
</section>`;
  return html`<section>
<h2>Learning curves</h2>
<p>${sentences(compared)}</p>
<noscript><p>The curves need JavaScript.</p></noscript>
${chartFigures(charts)}
</section>`;
}

function sentences(compared: readonly Compared[]): string {
  const means = compared.filter(({ runs }) => runs.length > 1);
  return [
    'A colour for each run. Solid lines are of the validation set, dashed ones of the training:',
    'means over the minibatches, each judged before its update.',
    'A click on a name below a chart hides its curve.',
    ...(means.length > 0
      ? ['Of several seeds or folds, the curve is their mean, as far as all of them go.']
      : []),
    ...(compared.length > runColours ? [`After ${runColours} runs the colours begin again.`] : []),
  ].join(' ');
}
