/** Curves over the epochs: data for the program in the page, and a table for readers without scripts. */
import { percent, shortEpoch } from '../../foundation/format.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import type { EpochFigures } from '../../run/run-tables.ts';
import { bestEpoch } from '../best-epoch.ts';
import type { Chart, ChartSeries } from '../browser/chart.ts';
import { type Content, html, type Markup } from './markup.ts';

export interface Curves {
  charts: Chart[];
  section: Markup;
}

export function curvesSection(facts: RunFacts): Curves {
  if (facts.epochs.length === 0) return { charts: [], section: html`` };
  const charts = chartsOf(facts);
  const figures = charts.map(
    ({ title, note }, index) => html`<figure class="chart" data-chart="${index}">
<figcaption><b>${title}</b> ${note}</figcaption>
<div class="plot"></div>
</figure>
`,
  );
  const section = html`<section>
<h2>Learning curves</h2>
${explanation(facts)}
<noscript><p>The curves need JavaScript; the table below holds the same numbers.</p></noscript>
<div class="charts">${figures}</div>
<details><summary>Every epoch as numbers</summary>
<div class="scroll">${epochTable(facts)}</div>
</details>
</section>`;
  return { charts, section };
}

function explanation({ experiment, epochs, summary }: RunFacts): Markup {
  const { monitor, validation } = experiment.data;
  const best = bestEpoch({ experiment, epochs, summary });
  const sentences = [
    'Training figures are means over the minibatches since the point before, each judged before its update.',
  ];
  if (epochs.some(({ valLoss }) => valLoss !== null)) {
    const set = monitor === 'test' ? 'test images' : 'validation images';
    sentences.push(`The other figures come from the ${set}, judged by the weights at that moment.`);
  } else if (validation === 0) {
    sentences.push('No images were held out for validation.');
  }
  return html`<p>${sentences.join(' ')}${
    best ? html` Best: epoch <b>${shortEpoch(best.epoch)}</b>, ${best.why}.` : undefined
  }</p>`;
}

function chartsOf(facts: RunFacts): Chart[] {
  const { epochs, timing, experiment } = facts;
  const best = bestEpoch(facts);
  const watched = experiment.data.monitor === 'test' ? 'test' : 'validation';
  const x = epochs.map(({ epoch }) => epoch);
  const column = (figure: (row: EpochFigures) => number | null) => epochs.map((row) => rounded(figure(row)));
  const pair = (train: ChartSeries['values'], val: ChartSeries['values']): ChartSeries[] =>
    [
      { name: 'training', role: 'training', values: train } as const,
      { name: watched, role: 'validation', values: val } as const,
    ].filter(({ values }) => values.some((value) => value !== null));
  const mark = best && { x: best.epoch, label: `best: epoch ${shortEpoch(best.epoch)}` };
  return [
    {
      title: 'Loss',
      note: 'mean over the samples; lower is better',
      unit: 'number',
      x,
      series: pair(
        column(({ trainLoss }) => trainLoss),
        column(({ valLoss }) => valLoss),
      ),
      mark,
    },
    {
      title: 'Accuracy',
      note: 'share of the samples that are classified right',
      unit: 'share',
      x,
      series: pair(
        column(({ trainAccuracy }) => trainAccuracy),
        column(({ valAccuracy }) => valAccuracy),
      ),
      mark,
    },
    {
      title: 'Learning rate',
      note: 'at the last step before each point',
      unit: 'number',
      x,
      series: [{ name: 'learning rate', role: 'plain', values: column(({ learningRate }) => learningRate) }],
    },
    {
      title: 'Speed',
      note: 'training samples per second, on the machine it ran on',
      unit: 'count',
      x: timing.map(({ epoch }) => epoch),
      series: [
        {
          name: 'samples/s',
          role: 'plain',
          values: timing.map(({ samplesPerSecond }) => Math.round(samplesPerSecond)),
        },
      ],
    },
  ];
}

/** Rounds to six digits, more than a chart can show. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}

function epochTable({ epochs, timing }: RunFacts): Markup {
  const seconds = new Map(timing.map((row) => [row.epoch, row.seconds]));
  const cell = (value: number | null | undefined, format: (value: number) => string): Content =>
    html`<td>${value === null || value === undefined ? '' : format(value)}</td>`;
  const four = (value: number) => value.toFixed(4);
  const rows = epochs.map(
    (row) => html`<tr><th scope="row">${shortEpoch(row.epoch)}</th>${cell(row.learningRate, significant)}${[
      cell(row.trainLoss, four),
      cell(row.trainAccuracy, percent),
      cell(row.valLoss, four),
      cell(row.valAccuracy, percent),
      cell(row.valPrecision, percent),
      cell(row.valRecall, percent),
      cell(row.valF1, percent),
      cell(seconds.get(row.epoch), (value) => value.toFixed(2)),
    ]}</tr>
`,
  );
  return html`<table class="numbers"><thead><tr>${[
    'epoch',
    'learning rate',
    'training loss',
    'accuracy',
    'val. loss',
    'accuracy',
    'precision',
    'recall',
    'F1',
    'seconds',
  ].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table>`;
}

function significant(value: number): string {
  return String(Number(value.toPrecision(4)));
}
