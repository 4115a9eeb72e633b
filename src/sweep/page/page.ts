/**
 * The page of a sweep, one file that needs no network: ranked trials, important parameters, learning curves.
 */

import type { Figures } from '../../contracts/figures.ts';
import { grouped } from '../../foundation/format.ts';
import { meanAndDeviation } from '../../foundation/statistics.ts';
import { deviationText, figureCalled, figureText as textOf } from '../../model/figure-text.ts';
import { breakable } from '../../report/breakable.ts';
import { type Content, html, type Markup } from '../../report/page/markup.ts';
import { shell } from '../../report/page/shell.ts';
import { figuresOf } from '../../training/evaluation.ts';
import { figureText, shortNames, shortValue, spreadText } from '../figure-text.ts';
import { type Importance, importanceOf } from '../importance.ts';
import { figureName } from '../objective.ts';
import type { TrialResult } from '../trial.ts';
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
  const tiles: [string, string, Content][] = [];
  if (winner) {
    const value = seeds > 1 ? spreadText(objective, winner) : figureText(objective, winner.value);
    const pages = facts.links.winner.map(({ name, to }) => html`, <a href="${to}">${name}</a>`);
    tiles.push([`best ${objective.name}`, value, html`trial ${winner.number}${pages}`]);
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
winner; thin lines were stopped early. So that the others are not squeezed, those far behind stand at the edge.</p>
${parallelCoordinates(facts)}
<h2>${facts.sweep.objective.name} against each parameter</h2>
${scatters(facts)}
<h2>Learning curves</h2>
<p>On the validation set; those that were stopped early end with a dot.</p>
${learningCurves(facts)}
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
for numbers, and for a choice the correlation ratio, from 0 to 1. A bar to the right means that larger numbers
did better, one to the left that smaller ones did; that of a choice has no direction. With few trials, small
values mean nothing.</p>
<div class="scroll"><table class="numbers beginnings named">
<thead><tr>${['parameter', 'value', 'did better', 'measure'].map(heading)}</tr></thead>
<tbody>
${list.map(importanceRow)}</tbody></table></div>
</section>`;
}

function importanceRow({ path, measure, value }: Importance): Markup {
  const signed =
    measure === 'rank correlation' && value.toFixed(2) !== '0.00' && value.toFixed(2) !== '-0.00';
  const side = !signed ? 'both' : value > 0 ? 'more' : 'less';
  const size = 50 * Math.abs(value);
  const left = { both: 50 - size / 2, more: 50, less: 50 - size }[side];
  const better = { both: '–', more: 'larger', less: 'smaller' }[side];
  const sign = { both: '', more: '+', less: '−' }[side];
  return html`<tr><th scope="row">${breakable(path)}</th><td><span class="signed"><span class="${side}" style="left:${left.toFixed(1)}%;width:${size.toFixed(1)}%"></span></span>
<span class="share">${sign}${Math.abs(value).toFixed(2)}</span></td>
<td>${better}</td><td>${measure}</td></tr>
`;
}

function ranking(facts: SweepFacts): Markup {
  const { sweep, trials, links } = facts;
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
    const cells: Content[] = [
      trialLinks(facts, trial),
      trial.status,
      shortValue(trial.epochs),
      figure,
      ...dimensions.map(({ path }) => shortValue(trial.parameters[path])),
    ];
    const message = trial.lines.find(({ message }) => message)?.message;
    return html`<tr class="${classOf(facts, trial)}"><th scope="row">${i + 1}</th>
${cells.map((cell) => html`<td>${cell}</td>`)}<td class="words">${
      message ?? html`<code>${trial.lines[0]?.weightsSha256?.slice(0, 12)}</code>`
    }</td></tr>
`;
  });
  return html`<section>
<h2>Ranking</h2>
${trials.length > mostRows ? html`<p>The best ${mostRows}; results.csv has all of them.</p>` : undefined}
${
  links.runs.size > 0
    ? html`<p>A trial's number leads to its page, or to its folder if nobody wrote one: <code>npx train
report trials/ID</code> does.</p>`
    : undefined
}
<div class="scroll"><table class="numbers beginnings"><thead><tr>${heads.map(heading)}</tr></thead>
<tbody>
${rows}</tbody></table></div>
</section>`;
}

/** The number of a trial, which leads to its training; of several trainings each seed does. */
function trialLinks({ links }: SweepFacts, { number, lines }: TrialResult): Content {
  const found = lines.flatMap(({ run, seed }) => {
    const to = links.runs.get(run);
    return to === undefined ? [] : [{ seed, to }];
  });
  if (found.length === 0) return String(number);
  if (lines.length === 1) return html`<a href="${found[0]!.to}">${number}</a>`;
  return html`${number}, seed ${found.map(({ seed, to }, i) => html`${i > 0 ? ' ' : ''}<a href="${to}">${seed}</a>`)}`;
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
