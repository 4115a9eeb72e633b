/** Curves over the epochs, which the program in the page draws. */
import type { FigureText } from '../../contracts/figures.ts';
import { shortEpoch } from '../../foundation/format.ts';
import { figureCalled, figuresOfTask } from '../../model/figure-text.ts';
import { type RunFacts, taskOfRun } from '../../run/run-facts.ts';
import type { EpochRow } from '../../run/run-tables.ts';
import { type BestEpoch, bestEpoch } from '../best-epoch.ts';
import type { Chart, ChartSeries } from '../browser/chart.ts';
import { html, type Markup } from './markup.ts';
import { thinned } from './thinned.ts';
import { capital, wordsFor } from './words.ts';

export interface CurveParts {
  charts: Chart[];
  /** The heading and what it says. */
  curvesHead: Markup;
  /** A figure for each chart, which stays while its values grow. */
  curves: Markup;
}

export function curveParts(facts: RunFacts): CurveParts {
  if (facts.epochs.length === 0) return { charts: [], curvesHead: html``, curves: html`` };
  const best = bestEpoch(facts);
  const charts = chartsOf(facts, best).map((chart) => thinned(chart));
  const figures = charts.map(
    ({ title, note }) => html`<figure class="chart" data-chart="${title}">
<figcaption><b>${title}</b> ${note}</figcaption>
<div class="plot"></div>
</figure>
`,
  );
  const curvesHead = html`<h2>Learning curves</h2>
${explanation(facts, best)}
<noscript><p>The curves need JavaScript; the table below holds the same numbers.</p></noscript>`;
  return { charts, curvesHead, curves: html`${controls}<div class="charts">${figures}</div>` };
}

/** What the program in the page obeys. Without scripts there is nothing to set. */
const controls = html`<div class="controls" role="group" aria-label="How the curves are drawn">
<label><input type="checkbox" data-look="log"> log scale <span class="note">of losses and other numbers</span></label>
<label>smoothing <input type="range" data-look="smoothing" min="0" max="0.99" step="0.01" value="0">
<output data-look="smoothing">0.00</output></label>
</div>
`;

function explanation(facts: RunFacts, best: BestEpoch | undefined): Markup {
  const { experiment, epochs } = facts;
  const { monitor, validation } = experiment.data;
  const { many } = wordsFor(facts);
  const sentences = [
    'Training figures are means over the minibatches since the point before, each judged before its update.',
  ];
  if (epochs.some(({ validation }) => validation)) {
    const set = `${monitor === 'test' ? 'test' : 'validation'} ${many}`;
    sentences.push(`The other figures come from the ${set}, judged by the weights at that moment.`);
  } else if (validation === 0) {
    sentences.push(`No ${many} were held out for validation.`);
  }
  return html`<p>${sentences.join(' ')}${
    best ? html` Best: epoch <b>${shortEpoch(best.epoch)}</b>, ${best.why}.` : undefined
  }</p>`;
}

function chartsOf(facts: RunFacts, best: BestEpoch | undefined): Chart[] {
  const { epochs, timing, experiment } = facts;
  const watched = experiment.data.monitor === 'test' ? 'test' : 'validation';
  const x = epochs.map(({ epoch }) => epoch);
  const column = (figure: (row: EpochRow) => number | undefined) =>
    epochs.map((row) => rounded(figure(row) ?? null));
  const both = (name: string) =>
    pair(
      column(({ train }) => train[name]),
      column(({ validation }) => validation?.[name]),
    );
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
      series: both('loss'),
      mark,
    },
    ...drawnFigures(facts).map((figure) => ({
      title: capital(figure.title),
      note: noteOf(figure, facts),
      unit: figure.unit,
      x,
      series: both(figure.name),
      mark,
    })),
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

/**
 * The figure that the minibatches have, too, and of values and flags also those that tell something else: all
 * numbers, and F1.
 */
function drawnFigures(facts: RunFacts): FigureText[] {
  const { epochs } = facts;
  const task = taskOfRun(facts);
  const [trained] = Object.keys(epochs[0]!.train).filter((name) => name !== 'loss');
  const validated = epochs.some(({ validation }) => validation);
  const others = task === 'classes' || !validated ? [] : figuresOfTask(task);
  return [
    figureCalled(trained ?? 'accuracy'),
    ...others.filter(({ name, unit }) => name !== trained && (unit === 'number' || name.endsWith('f1'))),
  ];
}

function noteOf(figure: FigureText, facts: RunFacts): string {
  if (figure.name !== 'accuracy') return [figure.note, betterText(figure)].filter(Boolean).join('; ');
  return taskOfRun(facts) === 'flags'
    ? 'share of the samples of which every flag is right'
    : 'share of the samples that are classified right';
}

/** Rounds to six digits, more than a chart can show. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}

const betterText = ({ better }: FigureText) => (better === 'less' ? 'lower is better' : 'higher is better');
