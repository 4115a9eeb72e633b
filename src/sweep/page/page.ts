/**
 * The page of a sweep, one file that needs no network: ranked trials, important parameters, learning curves.
 */

import type { Figures } from '../../contracts/figures.ts';
import { grouped } from '../../foundation/format.ts';
import { meanAndDeviation } from '../../foundation/statistics.ts';
import { deviationText, figureCalled, figureText as textOf } from '../../model/figure-text.ts';
import { html, type Markup } from '../../report/page/markup.ts';
import { shell } from '../../report/page/shell.ts';
import { figuresOf } from '../../training/evaluation.ts';
import { figureText, shortNames, shortValue, spreadText } from '../figure-text.ts';
import { importanceOf } from '../importance.ts';
import { figureName } from '../objective.ts';
import { learningCurves, parallelCoordinates, scatters } from './charts.ts';
import { classOf, type SweepFacts, varied } from './facts.ts';

/** The most rows of the table. results.csv has all trials. */
const mostRows = 500;

/** The sections of the page, by name. */
export function sweepParts(facts: SweepFacts) {
  const { sweep, trials } = facts;
  const drawn = trials.some(({ status }) => status !== 'failed') && varied(sweep).length > 0;
  return {
    head: head(facts),
    pictures: drawn ? pictures(facts) : html``,
    importance: importance(facts),
    ranking: ranking(facts),
    provenance: provenance(facts),
  };
}

export function sweepPage(facts: SweepFacts): string {
  const parts = sweepParts(facts);
  return shell(
    `${facts.sweep.name} · Lockstep sweep`,
    html`${parts.head}
${parts.pictures}
${parts.importance}
${parts.ranking}
${parts.provenance}`,
  );
}

function head(facts: SweepFacts): Markup {
  const { sweep, trials, winner, judged } = facts;
  const { objective, method, seeds } = sweep;
  const count = (status: string) => trials.filter((trial) => trial.status === status).length;
  const spread = (name: string) => {
    const { mean, deviation } = meanAndDeviation(judged.map(({ test }) => test![name] as number));
    return textOf(name, mean) + (judged.length > 1 ? ` ± ${deviationText(name, deviation)}` : '');
  };
  const tiles: [string, string, string][] = [];
  if (winner) {
    const value = seeds > 1 ? spreadText(objective, winner) : figureText(objective, winner.value);
    tiles.push([`best ${objective.name}`, value, `trial ${winner.number}`]);
  }
  if (judged.length > 0) {
    const names = Object.keys(figuresOf(judged[0]!.test as Figures)).filter((name) => name !== 'loss');
    const { task } = judged[0]!;
    const other = names.slice(1).find((name) => name === figureName(objective)) ?? names.at(-1)!;
    const [first, second] = [figureCalled(names[0]!, task), figureCalled(other, task)];
    tiles.push([`test ${first.title} of the winner`, spread(first.name), 'the test set was looked at once']);
    tiles.push([`test ${second.title}`, spread(second.name), second.note ?? '']);
  }
  const others = [
    `${count('finished')} finished`,
    ...(count('stopped') > 0 ? [`${count('stopped')} stopped early`] : []),
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
  ];
  tiles.push(['trials', grouped(trials.length), others.join(', ')]);
  return html`<h1>${sweep.name} <small>${method} sweep</small></h1>
<p class="lead">${sweep.description || `${objective.goal} ${objective.name}`}</p>
<dl class="tiles">
${tiles.map(
  (
    [name, value, note],
    i,
  ) => html`<div class="tile${i === 0 && winner ? ' first' : ''}"><dt>${name}</dt><dd>${value}</dd>
<dd class="note">${note}</dd></div>
`,
)}</dl>`;
}

function pictures(facts: SweepFacts): Markup {
  return html`<section>
<h2>Trials</h2>
<p>Each line is a trial, from its parameters to its figure on the right. <b class="winner">Orange</b> is the
winner; thin lines were stopped early. The worst tenth of the figures is drawn at the edge.</p>
<div class="scroll">${parallelCoordinates(facts)}</div>
<h2>${facts.sweep.objective.name} against each parameter</h2>
${scatters(facts)}
<h2>Learning curves</h2>
<p>On the validation set; those that were stopped early end with a dot.</p>
<div class="scroll">${learningCurves(facts)}</div>
</section>`;
}

function heading(title: string): Markup {
  return html`<th scope="col">${title}</th>`;
}

function importance({ sweep, trials }: SweepFacts): Markup {
  const list = importanceOf(sweep.dimensions, sweep.objective, trials);
  if (!list || list.length === 0) return html``;
  return html`<section>
<h2>Which parameters mattered</h2>
<p>How strongly each goes together with the place in the ranking, one at a time: Spearman's rank correlation
for numbers (above 0, larger ones did better), and for a choice the correlation ratio, from 0 to 1. With few
trials, small values mean nothing.</p>
<div class="scroll"><table class="numbers classes">
<thead><tr>${['parameter', 'measure', 'value'].map(heading)}</tr></thead>
<tbody>
${list.map(
  ({ path, measure, value }) => html`<tr><th scope="row">${path}</th><td>${measure}</td>
<td><span class="bar" style="--s:${(Math.abs(value) * 100).toFixed(1)}%"></span>
<span class="share">${value.toFixed(2)}</span></td></tr>
`,
)}</tbody></table></div>
</section>`;
}

function ranking(facts: SweepFacts): Markup {
  const { sweep, trials } = facts;
  const { objective, seeds } = sweep;
  const dimensions = varied(sweep);
  const names = shortNames(dimensions.map(({ path }) => path));
  const heads = ['rank', 'trial', 'status', 'epochs', objective.name, ...names, 'weights sha256'];
  const rows = trials.slice(0, mostRows).map((trial, i) => {
    const figure =
      trial.status === 'failed'
        ? ''
        : seeds > 1
          ? spreadText(objective, trial)
          : figureText(objective, trial.value);
    const cells = [
      String(trial.number),
      trial.status,
      shortValue(trial.epochs),
      figure,
      ...dimensions.map(({ path }) => shortValue(trial.parameters[path])),
    ];
    const message = trial.lines.find(({ message }) => message)?.message;
    return html`<tr class="${classOf(facts, trial)}"><th scope="row">${i + 1}</th>
${cells.map((cell) => html`<td>${cell}</td>`)}<td>${
      message ?? html`<code>${trial.lines[0]?.weightsSha256?.slice(0, 12)}</code>`
    }</td></tr>
`;
  });
  return html`<section>
<h2>Ranking</h2>
${trials.length > mostRows ? html`<p>The best ${mostRows}; results.csv has all of them.</p>` : undefined}
<div class="scroll"><table class="numbers"><thead><tr>${heads.map(heading)}</tr></thead>
<tbody>
${rows}</tbody></table></div>
</section>`;
}

function provenance({ text, winner, judged }: SweepFacts): Markup {
  const commands = [
    'npx train sweep sweep.yaml --out again   # all of it again, into a new folder',
    ...(winner ? ['npx train best.yaml                      # the winner alone'] : []),
  ];
  return html`<section>
<h2>What was run</h2>
<pre>${text}</pre>
<h3>Run it again</h3>
<p>In the folder of this page, with any number of threads and of trials at once:</p>
<pre>${commands.join('\n')}</pre>
${
  judged[0] &&
  html`<p>The winner must end with weights of sha256
<code>${judged[0].weightsSha256}</code>, whatever the machine and the number of threads.</p>`
}
</section>`;
}
