/** The curves of all seeds or folds, and their mean. */

import { taskOfRun } from '../../run/run-facts.ts';
import type { Chart } from '../browser/chart.ts';
import { chartFigures } from '../chart-figures.ts';
import { curvesOf, figureNote, figuresDrawn, meanCurves, watchedSet } from '../figure-curves.ts';
import { html, type Markup } from '../page/markup.ts';
import { capital } from '../page/words.ts';
import { chartOf, type Trace } from '../traces.ts';
import type { JointFacts } from './facts.ts';

export function jointCharts({ kind, parts }: JointFacts): Chart[] {
  const runs = parts.map(({ facts }) => facts);
  const task = taskOfRun(runs.find(({ summary }) => summary) ?? runs[0]!);
  const watched = watchedSet(runs);
  const charts = figuresDrawn(task).map((figure) => {
    const curves = runs.map((run) => curvesOf(run, figure.name));
    const begun = curves.filter(({ training }) => training.length > 0);
    const mean = meanCurves(begun);
    const each = (set: 'training' | 'validation'): Trace[] =>
      curves.map((of, i) => ({
        name: `${kind} ${parts[i]!.number}${set === 'training' ? ', training' : ''}`,
        role: set,
        points: of[set],
        weight: 'thin',
      }));
    const traces: Trace[] = [
      ...each('training'),
      ...each('validation'),
      { name: 'mean, training', role: 'training', points: mean.training, weight: 'thick' },
      { name: `mean, ${watched}`, role: 'validation', points: mean.validation, weight: 'thick' },
    ];
    return chartOf(
      { title: capital(figure.title), note: figureNote(figure), unit: figure.unit },
      traces.filter(({ points }) => points.length > 0),
    );
  });
  return charts.filter(({ series }) => series.length > 0);
}

export function jointCurves({ kind, parts }: JointFacts, charts: readonly Chart[]): Markup {
  if (charts.length === 0) return html``;
  const watched = watchedSet(parts.map(({ facts }) => facts));
  return html`<section>
<h2>Learning curves</h2>
<p>Thin lines are the ${kind}s, thick ones their mean, as far as all of them go. Solid lines are of the
${watched} set, dashed ones of the training: means over the minibatches, each judged before its update.</p>
<noscript><p>The curves need JavaScript.</p></noscript>
${chartFigures(charts)}
</section>`;
}
